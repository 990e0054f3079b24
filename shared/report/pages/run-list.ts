/** Runs as pages show them: what woke it, what it did, and a bar of its stages on one scale for the whole list. */
import { type Commit, type Revision, shortRevision } from '../../model/revision.ts';
import type { RunSummary } from '../../model/status.ts';
import { CAUSES, describeRun } from '../history-text.ts';
import { formatDuration } from '../times.ts';
import { type Html, html } from './html.ts';
import { shapeOf, type Tone } from './marks.ts';
import { ago } from './moments.ts';
import { clusterPath } from './paths.ts';

export interface RunListOptions {
  readonly commits: ReadonlyMap<Revision, Commit>;
  readonly nowMs: number;
  /** All of one cluster: it is not named. */
  readonly ofOneCluster?: boolean;
}

/** In the order in which a run goes through them; what else a run measured follows. */
const STAGES = ['observe', 'plan', 'apply', 'prune'];
/** A stage that took time at all is seen. */
const LEAST_PERCENT = 0.6;

/** Returns the runs as a table, newest first as given. */
export function runTable(runs: readonly RunSummary[], options: RunListOptions): Html {
  const longestMs = Math.max(1, ...runs.map(lengthOf));
  return html`<table class="stack runs">
<thead><tr><th scope="col">When</th>${options.ofOneCluster !== true && html`<th scope="col">Cluster</th>`}<th scope="col">Woken by</th><th scope="col">Revision</th><th scope="col" class="wide">Stages</th><th scope="col" class="num">Requests</th><th scope="col">Result</th></tr></thead>
<tbody>${runs.map((run) => rowOf(run, options, longestMs))}</tbody>
</table>`;
}

/** Returns the stages' legend for the card that holds the table. */
export function stageLegend(): Html {
  return html`<ul class="legend">${STAGES.map((stage) => html`<li><svg class="swatch" width="14" height="10" aria-hidden="true"><rect class="stage ${stage}" width="14" height="10" rx="2"/></svg> ${stage}</li>`)}</ul>`;
}

/** Returns the runs in one line each, without stages. */
export function runsInShort(runs: readonly RunSummary[], { nowMs }: RunListOptions): Html {
  return html`<ul class="short-runs">${runs.map(
    (run) =>
      html`<li>${shapeOf(toneOf(run))}<p><a href="${clusterPath(run.cluster)}">${run.cluster}</a> ${describeRun(run)} <span class="quiet">${CAUSES[run.cause]}, ${ago(run.startedAtMs, nowMs)}, in ${formatDuration(run.durationMs)}</span></p></li>`,
  )}</ul>`;
}

function rowOf(run: RunSummary, { commits, nowMs, ofOneCluster }: RunListOptions, longestMs: number): Html {
  const commit = run.revision === undefined ? undefined : commits.get(run.revision);
  const revision =
    run.revision !== undefined &&
    html`<code>${shortRevision(run.revision)}</code>${commit !== undefined && html` <q>${commit.subject}</q>`}`;
  return html`<tr><th scope="row">${ago(run.startedAtMs, nowMs)}</th>
${ofOneCluster !== true && html`<td data-name="Cluster"><a href="${clusterPath(run.cluster)}">${run.cluster}</a></td>`}
<td data-name="Woken by">${CAUSES[run.cause]}</td>
<td data-name="Revision"><span>${revision}</span></td>
<td data-name="Stages"><div>${stageBar(run, longestMs)}</div></td>
<td data-name="Requests" class="num">${run.requests}</td>
<td data-name="Result"><span class="state ${toneOf(run)}">${shapeOf(toneOf(run))}<span>${describeRun(run)}</span></span></td></tr>`;
}

function stageBar(run: RunSummary, longestMs: number): Html {
  const stages = stagesOf(run);
  const words = stages.map(([stage, ms]) => `${stage} ${formatDuration(ms)}`).join(', ');
  let x = 0;
  const bars = stages.map(([stage, ms]) => {
    const width = Math.max(LEAST_PERCENT, (100 * ms) / longestMs);
    const bar = html`<rect class="stage ${STAGES.includes(stage) ? stage : 'other'}" x="${x.toFixed(2)}%" width="${width.toFixed(2)}%" height="10" rx="1.5"><title>${stage} ${formatDuration(ms)}</title></rect>`;
    x += width;
    return bar;
  });
  return html`<svg class="stages" width="100%" height="10" role="img" aria-label="${words}">${bars}</svg><p class="sub quiet stage-times"><span>${formatDuration(run.durationMs)}${stages.length > 0 && ':'}</span> ${stages.map(([stage, ms]) => html`<span>${stage} ${formatDuration(ms)}</span> `)}</p>`;
}

function stagesOf({ stagesMs }: RunSummary): readonly (readonly [string, number])[] {
  const rank = (stage: string) => (STAGES.includes(stage) ? STAGES.indexOf(stage) : STAGES.length);
  return Object.entries(stagesMs)
    .filter(([, ms]) => ms > 0)
    .sort(([a], [b]) => rank(a) - rank(b));
}

function lengthOf(run: RunSummary): number {
  return Math.max(
    run.durationMs,
    Object.values(run.stagesMs).reduce((sum, ms) => sum + ms, 0),
  );
}

function toneOf({ problems, drift, counts }: RunSummary): Tone {
  if (problems.length > 0 || counts.failed > 0) return 'bad';
  return drift.some(({ act }) => act === 'reported') ? 'warn' : 'good';
}
