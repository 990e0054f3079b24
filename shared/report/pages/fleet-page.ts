/** The fleet at a glance: one sentence that answers, the grid, the way of the last commits, problems, last runs. */
import { type Commit, shortRevision } from '../../model/revision.ts';
import type { RunSummary } from '../../model/status.ts';
import { isTrue } from '../cluster-state.ts';
import { groupProblems } from '../problems-text.ts';
import { type ClusterRow, clusterRows, type FleetReport, problemsOfFleet } from '../status-text.ts';
import { count } from '../times.ts';
import { arrivalsOf } from './arrivals.ts';
import { commitTimeline } from './commit-timeline.ts';
import { fleetGrid } from './fleet-grid.ts';
import { fleetNotes } from './fleet-notes.ts';
import { type Html, html } from './html.ts';
import { shapeOf } from './marks.ts';
import { ago } from './moments.ts';
import type { Page } from './page.ts';
import { DRIFT_PATH, PROBLEMS_PATH, RUNS_PATH } from './paths.ts';
import { bobOf } from './plumb-bob.ts';
import { problemsInShort } from './problem-list.ts';
import { runsInShort } from './run-list.ts';

export interface FleetView {
  readonly report: FleetReport;
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  /** Of the branch, newest first. */
  readonly commits: readonly Commit[];
  readonly nowMs: number;
  /** Cells of the grid that are shown at most. Default: all. */
  readonly mostCells?: number | undefined;
}

const RUNS_SHOWN = 8;
const DAY_MS = 86_400_000;

export function fleetPage(view: FleetView): Page {
  const { report, runs, commits, nowMs, mostCells } = view;
  const rows = clusterRows(report);
  const problems = groupProblems(problemsOfFleet(report));
  const here = rows.filter(({ state }) => state !== 'gone');
  const sentence = sentenceOf(report, here);
  return {
    title: sentence.text,
    section: 'fleet',
    main: html`${hero(view, here, sentence.html)}
${headBanner(report, nowMs)}
${fleetGrid(rows, nowMs, mostCells)}
${
  problems.length > 0 &&
  html`<section class="card" aria-labelledby="problems"><h2 id="problems">${count(problems.length, 'problem')}</h2>${problemsInShort(problems)}</section>`
}
${fleetNotes(report.fleet, nowMs)}
${commitTimeline(arrivalsOf(commits, report, runs), rows.length, nowMs)}
<section class="card" aria-labelledby="runs"><header><h2 id="runs">Last runs</h2><p><a href="${RUNS_PATH}">All runs</a></p></header>${
      runs.length === 0
        ? html`<p class="empty">No run has changed anything yet.</p>`
        : runsInShort(runs.slice(0, RUNS_SHOWN), { nowMs, commits: new Map() })
    }</section>`,
  };
}

interface Sentence {
  readonly text: string;
  readonly html: Html;
}

function sentenceOf({ fleet }: FleetReport, rows: readonly ClusterRow[]): Sentence {
  if (rows.length === 0) {
    const text = fleet.planned === undefined ? 'Nothing is planned yet' : 'No cluster is declared';
    return { text, html: html`${text}` };
  }
  const are = rows.filter(({ item }) => isTrue(item)).length;
  const start = `${are} of ${rows.length === 1 ? '1 cluster is' : `${rows.length} clusters are`} true to`;
  if (fleet.planned === undefined) return { text: `${start} Git`, html: html`${start} Git` };
  const revision = shortRevision(fleet.planned.revision);
  return { text: `${start} ${revision}`, html: html`${start} <code>${revision}</code>` };
}

function hero({ report, runs, nowMs }: FleetView, rows: readonly ClusterRow[], sentence: Html): Html {
  const { planned } = report.fleet;
  const off = rows.length === 0 ? 0 : rows.filter(({ item }) => !isTrue(item)).length / rows.length;
  return html`<div class="hero">${bobOf(off, 'hero-mark')}<div>
<h1>${sentence}</h1>
${planned !== undefined && html`<p class="about"><q>${planned.subject}</q> by ${planned.author}, ${ago(planned.committedAtMs, nowMs)}</p>`}
${factsOf(rows, report, { runs, nowMs })}
</div></div>`;
}

function factsOf(
  rows: readonly ClusterRow[],
  { applications }: FleetReport,
  { runs, nowMs }: { readonly runs: readonly RunSummary[]; readonly nowMs: number },
): Html {
  const unreachable = rows.filter(({ state }) => state === 'unreachable').length;
  const behind = rows.filter(({ item, state }) => !isTrue(item) && state !== 'unreachable').length;
  const healthy = applications.filter(({ health, sync }) => health === 'healthy' && sync === 'synced').length;
  const drifted = runs.flatMap(({ drift }) => drift).filter(({ seenAtMs }) => seenAtMs > nowMs - DAY_MS).length;
  return html`<ul class="facts">
<li><b>${behind}</b> behind</li><li><b>${unreachable}</b> unreachable</li>
${applications.length > 0 && html`<li><b>${healthy} of ${applications.length}</b> applications synced and healthy</li>`}
${drifted > 0 && html`<li><a href="${DRIFT_PATH}"><b>${drifted}</b> drifted in 24 h</a></li>`}
</ul>`;
}

/** The newest commit is not the one that the clusters are held to: said before anything else. */
function headBanner({ fleet: { head, planned, problems } }: FleetReport, nowMs: number): Html | undefined {
  if (head === undefined || head.revision === planned?.revision) return undefined;
  const isRefused = problems.length > 0;
  const tone = isRefused ? 'bad' : 'busy';
  const stays =
    planned === undefined
      ? 'nothing is applied yet'
      : html`<code>${shortRevision(planned.revision)}</code> stays in place`;
  return html`<p class="banner ${tone}">${shapeOf(tone)}<span><code>${shortRevision(head.revision)}</code> <q>${head.subject}</q> by ${head.author}, ${ago(head.committedAtMs, nowMs)}, ${
    isRefused
      ? html`is <a href="${PROBLEMS_PATH}">refused: ${count(problems.length, 'problem')}</a>`
      : 'is being planned'
  }; ${stays}.</span></p>`;
}
