/**
 * The last commits, newest first, each with a lane: a dot for every cluster at the time that the commit took to get
 * there. The lanes share one scale of powers of ten, so that seconds and days stand side by side and a slow cluster is
 * seen at once; it is named there too. Positions are percentages: the drawing grows with the page, its text does not.
 */
import { shortRevision } from '../../model/revision.ts';
import { count, formatAge, formatDuration } from '../times.ts';
import type { Arrival, CommitArrivals } from './arrivals.ts';
import { type Html, html } from './html.ts';
import { markOf, shapeOf } from './marks.ts';
import { ago, exactTime } from './moments.ts';

const TICKS: readonly (readonly [ms: number, name: string])[] = [
  [100, '0.1 s'],
  [1_000, '1 s'],
  [10_000, '10 s'],
  [60_000, '1 min'],
  [600_000, '10 min'],
  [3_600_000, '1 h'],
  [86_400_000, '1 d'],
  [864_000_000, '10 d'],
];
const LEAST_SCALE_MS = 600_000;
/** A cluster is slow when it took that many times the median, and more than some seconds. */
const SLOW_TIMES = 8;
const SLOW_MS = 20_000;
const NAMES_SHOWN = 3;

/** Returns the card; `commits` newest first. */
export function commitTimeline(commits: readonly CommitArrivals[], clusters: number, nowMs: number): Html {
  const longestMs = Math.max(LEAST_SCALE_MS, ...commits.flatMap((one) => [...delaysOf(one), waitedMs(one, nowMs)]));
  const scale = TICKS.filter(([ms], index) => ms <= longestMs || (TICKS[index - 1]?.[0] ?? 0) < longestMs);
  const endMs = scale.at(-1)?.[0] ?? longestMs;
  return html`<section class="card" aria-labelledby="timeline">
<header><h2 id="timeline">Commits</h2><p>how long each took to reach the clusters</p></header>
${commits.length === 0 ? html`<p class="empty">No commit has been read yet.</p>` : html`${axis(scale, endMs)}<ol class="timeline">${commits.map((one) => lane(one, { clusters, nowMs, scale, endMs }))}</ol>`}
</section>`;
}

interface LaneContext {
  readonly clusters: number;
  readonly nowMs: number;
  readonly scale: typeof TICKS;
  readonly endMs: number;
}

function axis(scale: typeof TICKS, endMs: number): Html {
  const labels = scale.map(
    ([ms, name], index) =>
      html`<text x="${percent(ms, endMs)}" y="11" class="${index === scale.length - 1 && 'last'}${isMinor(name) && ' minor'}">${name}</text>`,
  );
  return html`<div class="axis"><svg width="100%" height="16" aria-hidden="true">${labels}</svg></div>`;
}

/** Left away where there is little room. */
function isMinor(name: string): boolean {
  return name.startsWith('10') || name.startsWith('0');
}

function lane(entry: CommitArrivals, context: LaneContext): Html {
  const { commit } = entry;
  const { nowMs } = context;
  const summary = summaryOf(entry, context.clusters);
  return html`<li class="${entry.state}"><p class="commit"><code>${shortRevision(commit.revision)}</code> <q title="${commit.subject}">${commit.subject}</q> <span class="quiet">${commit.author}, ${ago(commit.committedAtMs, nowMs)}</span></p>${drawing(entry, context, summary)}<p class="reached">${verdictOf(entry)}${summary}</p></li>`;
}

function drawing(entry: CommitArrivals, { scale, endMs, nowMs }: LaneContext, summary: string): Html {
  const slow = slowOf(entry.arrivals);
  const lines = scale.map(([ms]) => tickLine(percent(ms, endMs)));
  const dots = entry.arrivals.map((arrival) => {
    const title = html`<title>${arrival.cluster}: after ${formatDuration(arrival.delayMs)}, ${exactTime(arrival.atMs)}</title>`;
    const x = percent(arrival.delayMs, endMs);
    if (!slow.includes(arrival)) return html`<circle class="dot" cx="${x}" cy="11" r="4.5">${title}</circle>`;
    return html`<svg x="${x}" y="11" overflow="visible"><path class="slow" d="M0-6.5L6.5 0 0 6.5-6.5 0z">${title}</path></svg>`;
  });
  const waiting =
    entry.waiting.length > 0 &&
    html`<circle class="waits" cx="${percent(waitedMs(entry, nowMs), endMs)}" cy="11" r="5"><title>still waiting: ${entry.waiting.join(', ')}</title></circle>`;
  return html`<svg class="lane" width="100%" height="22" role="img" aria-label="${summary}">${lines}${dots}${waiting}</svg>`;
}

function tickLine(x: string): Html {
  return html`<line class="tick" x1="${x}" x2="${x}" y1="0" y2="22"/>`;
}

function verdictOf({ state, waiting, arrivals }: CommitArrivals): Html | undefined {
  if (state === 'refused') return markOf({ tone: 'bad', word: 'refused' });
  if (state === 'planning') return markOf({ tone: 'busy', word: 'being planned' });
  if (waiting.length > 0) return shapeOf('busy');
  return arrivals.length > 0 && slowOf(arrivals).length > 0 ? shapeOf('warn') : undefined;
}

/** Returns the lane in words: `2 of 2 clusters in 3.1 s`, `11 of 12, waiting for prod-us`. */
function summaryOf({ arrivals, waiting, state }: CommitArrivals, clusters: number): string {
  if (state === 'refused' || state === 'planning') return '';
  const last = arrivals.at(-1);
  if (waiting.length > 0) return `${clusters - waiting.length} of ${clusters}, waiting for ${namesOf(waiting)}`;
  if (last === undefined) return 'no run recorded';
  const slow = slowOf(arrivals);
  const reached = `${count(arrivals.length, 'cluster')} in ${formatDuration(last.delayMs)}`;
  if (slow.length === 0) return reached;
  return `${namesOf(slow.map(({ cluster }) => cluster))} took ${formatAge(last.delayMs)}`;
}

function namesOf(clusters: readonly string[]): string {
  const hidden = clusters.length - NAMES_SHOWN;
  return `${clusters.slice(0, NAMES_SHOWN).join(', ')}${hidden > 0 ? ` and ${hidden} more` : ''}`;
}

/** `arrivals` fastest first. */
function slowOf(arrivals: readonly Arrival[]): readonly Arrival[] {
  const medianMs = arrivals[Math.floor((arrivals.length - 1) / 2)]?.delayMs ?? 0;
  const limitMs = Math.max(SLOW_MS, SLOW_TIMES * medianMs);
  return arrivals.filter(({ delayMs }) => delayMs > limitMs);
}

function delaysOf({ arrivals }: CommitArrivals): readonly number[] {
  return arrivals.map(({ delayMs }) => delayMs);
}

function waitedMs({ waiting, commit }: CommitArrivals, nowMs: number): number {
  return waiting.length === 0 ? 0 : Math.max(0, nowMs - commit.committedAtMs);
}

/** Where a delay stands between a tenth of a second and `endMs`, with room for half a dot at each end. */
function percent(ms: number, endMs: number): string {
  const fromMs = 100;
  const share = Math.log(Math.max(ms, fromMs) / fromMs) / Math.log(endMs / fromMs);
  return `${(2 + 96 * Math.min(1, share)).toFixed(2)}%`;
}
