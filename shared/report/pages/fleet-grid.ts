/** Clusters by applications, trouble first in both directions. A large fleet gets small cells of the same shapes. */
import { shortRevision } from '../../model/revision.ts';
import type { ApplicationStatus } from '../../model/status.ts';
import type { ClusterRow } from '../status-text.ts';
import { count } from '../times.ts';
import { type Html, html } from './html.ts';
import { GLYPHS, markOf, rankOf, shapeOf, TONES, type Tone, verdictOfApplication, verdictOfCluster } from './marks.ts';
import { ago } from './moments.ts';
import { applicationPath, clusterPath } from './paths.ts';

/** Up to here a cell has room for its word; more applications stand in a card a cluster. */
const WORD_CELLS = 240;
const TABLE_COLUMNS = 7;
const WIDE_COLUMNS = 5;
const MID_COLUMNS = 3;
/** In a large fleet more clusters than this that have nothing to say are only named. */
const MOST_QUIET = 12;

const LEGEND: Readonly<Record<Tone, string>> = {
  bad: 'failed, degraded, missing',
  warn: 'out-of-sync',
  busy: 'progressing, waiting',
  unknown: 'unknown',
  still: 'suspended',
  good: 'healthy',
};

/** Returns the card; `rows` as `clusterRows` gives them, worst first. Beyond `mostCells` clusters are only counted. */
export function fleetGrid(
  rows: readonly ClusterRow[],
  nowMs: number,
  mostCells: number = Number.POSITIVE_INFINITY,
): Html {
  const names = columnsOf(rows);
  const isDense = names.length * rows.length > WORD_CELLS;
  if (rows.length === 0) {
    return html`<section class="card" aria-labelledby="grid"><h2 id="grid">Clusters</h2><p class="empty">No cluster is declared yet. Add a Cluster and an Application to the fleet repository, and push.</p></section>`;
  }
  const quiet = isDense ? rows.filter(isQuiet) : [];
  const telling = quiet.length > MOST_QUIET ? rows.filter((row) => !isQuiet(row)) : rows;
  const shown = telling.slice(0, Math.max(1, Math.floor(mostCells / Math.max(1, names.length))));
  const hidden = telling.length - shown.length;
  return html`<section class="card" aria-labelledby="grid">
<header><h2 id="grid">Clusters and applications</h2>${isDense && legendOf(rows)}</header>
${
  shown.length > 0 &&
  html`<table class="grid ${isDense ? 'dense' : layoutOf(names.length)}">
<thead><tr><th scope="col">Cluster</th>${names.map((name) => html`<th scope="col"><span>${name}</span></th>`)}</tr></thead>
<tbody>${shown.map((row) => rowOf(row, names, { isDense, nowMs }))}</tbody>
</table>`
}${hidden > 0 && html`<p class="more">${count(hidden, 'cluster')} more, in a better state than these, ${hidden === 1 ? 'is' : 'are'} not shown here.</p>`}${
  telling.length < rows.length && quietClusters(quiet.slice(0, mostCells))
}
</section>`;
}

/** From which width on the style sheet shows it as a table. */
function layoutOf(columns: number): string {
  if (columns > TABLE_COLUMNS) return 'cards';
  if (columns > WIDE_COLUMNS) return 'wide';
  return columns > MID_COLUMNS ? 'mid' : '';
}

function isQuiet({ state, applications }: ClusterRow): boolean {
  return state === 'synced' && applications.every((status) => verdictOfApplication(status).tone === 'good');
}

function quietClusters(rows: readonly ClusterRow[]): Html {
  return html`<h3 class="quiet-title">${markOf({ tone: 'good', word: `${rows.length} clusters with everything synced and healthy` })}</h3>
<ul class="chips">${rows.map(({ item: { cluster } }) => html`<li><a href="${clusterPath(cluster)}">${cluster}</a></li>`)}</ul>`;
}

/** Applications by the worst that any cluster says of them, then by name. */
function columnsOf(rows: readonly ClusterRow[]): readonly string[] {
  const rankByName = new Map<string, number>();
  for (const { applications } of rows) {
    for (const status of applications) {
      const rank = rankOf(verdictOfApplication(status));
      rankByName.set(status.application, Math.min(rank, rankByName.get(status.application) ?? rank));
    }
  }
  return [...rankByName].sort(([a, rankA], [b, rankB]) => rankA - rankB || (a < b ? -1 : 1)).map(([name]) => name);
}

interface GridOptions {
  readonly isDense: boolean;
  readonly nowMs: number;
}

function rowOf(row: ClusterRow, names: readonly string[], { isDense, nowMs }: GridOptions): Html {
  const { item, state, applications } = row;
  const byName = new Map(applications.map((status) => [status.application, status]));
  const verdict = verdictOfCluster(state);
  const cells = names.map((name) => cellOf(byName.get(name), isDense));
  const { revision, revisionAtMs, unreachableSinceMs } = item.status ?? {};
  const place =
    unreachableSinceMs === undefined
      ? revision !== undefined &&
        html`<code>${shortRevision(revision)}</code>${revisionAtMs !== undefined && html`, ${ago(revisionAtMs, nowMs)}`}`
      : html`since ${ago(unreachableSinceMs, nowMs)}`;
  const label = isDense
    ? html`<a href="${clusterPath(item.cluster)}">${item.cluster}</a> ${markOf(verdict)}`
    : html`<a href="${clusterPath(item.cluster)}">${item.cluster}</a><p class="sub">${markOf(verdict)} <span class="quiet">${place}</span></p>`;
  return html`<tr class="${state === 'unreachable' && 'stale'}"><th scope="row">${label}</th>${cells}</tr>`;
}

function cellOf(status: ApplicationStatus | undefined, isDense: boolean): Html {
  if (status === undefined) return html`<td class="none"><span class="hidden">not here</span></td>`;
  const { cluster, application, sync, health, healthReason, waitingFor } = status;
  const { tone, word } = verdictOfApplication(status);
  const href = applicationPath(cluster, application);
  if (isDense) {
    const title = tone !== 'good' && html` title="${application} in ${cluster}: ${word}"`;
    return html`<td><a class="g ${tone}" href="${href}" aria-label="${application} ${word}"${title}>${GLYPHS[tone]}</a></td>`;
  }
  const reason = [healthReason, waitingFor].filter((part) => part !== '').join('; ');
  const title = `${sync}, ${health}${reason === '' ? '' : `: ${reason}`}`;
  return html`<td><a class="pill ${tone}" href="${href}" title="${title}">${shapeOf(tone)}<span class="app">${application} </span><span class="word">${word}</span></a></td>`;
}

function legendOf(rows: readonly ClusterRow[]): Html {
  const seen = new Set(
    rows.flatMap(({ applications }) => applications.map((status) => verdictOfApplication(status).tone)),
  );
  return html`<ul class="legend">${TONES.filter((tone) => seen.has(tone)).map((tone) => html`<li><span class="g ${tone}" aria-hidden="true">${GLYPHS[tone]}</span> ${LEGEND[tone]}</li>`)}</ul>`;
}
