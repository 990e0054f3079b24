/** One application in one cluster: state, objects as a tree, its drift, the runs that touched it. */
import { type Commit, shortRevision } from '../../model/revision.ts';
import type { ApplicationStatus, ClusterItem, ObjectStatus, RunSummary, SeenDrift } from '../../model/status.ts';
import { describeMaker } from '../describe-maker.ts';
import { CAUSES } from '../history-text.ts';
import { groupProblems } from '../problems-text.ts';
import { count, formatDuration } from '../times.ts';
import { driftList } from './drift-list.ts';
import { type Html, html } from './html.ts';
import { markOf, shapeOf, verdictOfHealth, verdictOfSync } from './marks.ts';
import { ago, since } from './moments.ts';
import { objectTree } from './object-tree.ts';
import type { Page } from './page.ts';
import { clusterPath, FLEET_PATH } from './paths.ts';
import { applicationButtons, approveButton, type ButtonFor, toldBanner } from './press.ts';
import { problemList } from './problem-list.ts';

/** A run and what it did to one application. */
export interface TouchingRun {
  readonly run: RunSummary;
  readonly changed: number;
  readonly failed: number;
  readonly drifted: number;
}

export interface ApplicationView {
  readonly status: ApplicationStatus;
  /** The commit of its revision, where it is known. */
  readonly commit?: Commit;
  /** Undefined: not recorded yet, or lost. */
  readonly objects?: readonly ObjectStatus[];
  readonly drift: readonly SeenDrift[];
  /** Newest first. */
  readonly runs: readonly TouchingRun[];
  readonly nowMs: number;
  /** Its cluster, for what was asked there. */
  readonly item?: ClusterItem;
  /** Absent: nothing can be pressed. */
  readonly buttonFor?: ButtonFor | undefined;
}

export function applicationPage(view: ApplicationView): Page {
  const { status, objects, drift, nowMs, item, buttonFor } = view;
  const { cluster, application, problems, notes = [] } = status;
  return {
    title: `${application} in ${cluster}`,
    section: 'fleet',
    main: html`<div class="title"><ol class="crumbs" aria-label="Path"><li><a href="${FLEET_PATH}">Fleet</a></li><li><a href="${clusterPath(cluster)}">${cluster}</a></li></ol>
<h1>${application} <span class="quiet">in ${cluster}</span></h1>
${stateLine(view)}${applicationButtons(status, buttonFor)}</div>
${item && toldBanner(item, status.suspension, nowMs)}
${waitBanner(status)}
${problems.length > 0 && html`<section class="card" aria-label="Problems">${problemList(groupProblems(problems.map((problem) => ({ problem }))), (problem) => approveButton(problem, { cluster }, buttonFor))}</section>`}
${notes.length > 0 && html`<section class="card" aria-label="Notes"><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul></section>`}
<section class="card" aria-labelledby="objects"><h2 id="objects">${count(status.objects, 'object')}</h2>${
      objects === undefined
        ? html`<p class="empty">They are not recorded; the next run does that.</p>`
        : objectTree(objects)
    }</section>
${drift.length > 0 && html`<section class="card" aria-labelledby="drift"><h2 id="drift">Drift</h2>${driftList(drift, nowMs)}</section>`}
<section class="card" aria-labelledby="runs"><h2 id="runs">Runs that touched it</h2>${runList(view)}</section>`,
  };
}

function stateLine({ status, commit, nowMs }: ApplicationView): Html {
  const { sync, health, revision, sources = [], madeBy, sinceMs, suspend } = status;
  const change =
    commit !== undefined && html` <q>${commit.subject}</q> by ${commit.author}, ${ago(commit.committedAtMs, nowMs)}`;
  return html`<div class="states">${markOf(verdictOfSync(sync))}${markOf(verdictOfHealth(health))}${suspend && markOf({ tone: 'still', word: 'suspended' })}<span class="quiet">for ${since(sinceMs, nowMs)}</span></div>
${revision !== '' && html`<p><code>${shortRevision(revision)}</code>${change}</p>`}${sources.length > 0 && html`<p class="quiet">${sources.map(({ source, revision: at }) => html`${source} <code>${shortRevision(at)}</code> `)}</p>`}${madeBy !== undefined && html`<p class="quiet">made by ${describeMaker(madeBy)}</p>`}`;
}

function waitBanner({ waitingFor, healthReason, health }: ApplicationStatus): Html | undefined {
  const { tone } = verdictOfHealth(health);
  if (waitingFor !== '')
    return html`<p class="banner busy">${shapeOf('busy')}<span>${waitingFor.replace(/^w/, 'W')}</span></p>`;
  if (healthReason === '' || tone !== 'busy') return undefined;
  return html`<p class="banner busy">${shapeOf('busy')}<span>${healthReason}</span></p>`;
}

function runList({ runs, nowMs }: ApplicationView): Html {
  if (runs.length === 0)
    return html`<p class="empty">None of the last runs of this cluster changed anything of it.</p>`;
  return html`<ul class="short-runs">${runs.map(
    (touching) =>
      html`<li>${shapeOf(touching.failed > 0 ? 'bad' : 'good')}<p>${describe(touching)}${touching.run.revision !== undefined && html` <code>${shortRevision(touching.run.revision)}</code>`} <span class="quiet">${CAUSES[touching.run.cause]}, ${ago(touching.run.startedAtMs, nowMs)}, in ${formatDuration(touching.run.durationMs)}</span></p></li>`,
  )}</ul>`;
}

function describe({ changed, failed, drifted }: TouchingRun): string {
  return [
    ...(changed > 0 ? [`${count(changed, 'object')} changed`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(drifted > 0 ? [`${drifted} drifted`] : []),
  ].join(', ');
}
