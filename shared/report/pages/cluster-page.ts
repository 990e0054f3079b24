/** One cluster: in which state it is, its applications, what is known of it, its last runs. */
import { type Commit, type Revision, shortRevision } from '../../model/revision.ts';
import type { ApplicationStatus, RunSummary } from '../../model/status.ts';
import { isTrue } from '../cluster-state.ts';
import { groupProblems } from '../problems-text.ts';
import type { ClusterRow } from '../status-text.ts';
import { count } from '../times.ts';
import { type Html, html } from './html.ts';
import { markOf, rankOf, verdictOfApplication, verdictOfCluster, verdictOfHealth, verdictOfSync } from './marks.ts';
import { ago, since } from './moments.ts';
import type { Page } from './page.ts';
import { applicationPath, FLEET_PATH } from './paths.ts';
import { approveButton, type ButtonFor, clusterButtons, toldBanner } from './press.ts';
import { problemList } from './problem-list.ts';
import { runTable, stageLegend } from './run-list.ts';

export interface ClusterView {
  readonly row: ClusterRow;
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  readonly commits: ReadonlyMap<Revision, Commit>;
  readonly nowMs: number;
  /** Absent: nothing can be pressed. */
  readonly buttonFor?: ButtonFor | undefined;
}

export function clusterPage({ row, runs, commits, nowMs, buttonFor }: ClusterView): Page {
  const { item, state, applications } = row;
  const revision = item.desired?.commit.revision;
  const problems = groupProblems([
    ...(item.status?.problems ?? []).map((problem) => ({ problem })),
    ...applications.flatMap(({ application, problems }) => problems.map((problem) => ({ problem, application }))),
  ]);
  return {
    title: item.cluster,
    section: 'fleet',
    main: html`<div class="title"><ol class="crumbs" aria-label="Path"><li><a href="${FLEET_PATH}">Fleet</a></li></ol>
<h1>${item.cluster}</h1>
<div class="states">${markOf(verdictOfCluster(state))}${item.status !== undefined && markOf(verdictOfHealth(item.status.health))}<span class="quiet">${trueTo(row, nowMs)}</span></div>${clusterButtons(item, buttonFor)}</div>
${toldBanner(item, item.status?.suspension, nowMs)}
${problems.length > 0 && html`<section class="card" aria-label="Problems">${problemList(problems, (problem) => approveButton(problem, { cluster: item.cluster, revision }, buttonFor))}</section>`}
<section class="card" aria-labelledby="applications"><h2 id="applications">${count(applications.length, 'application')}</h2>${applicationTable(applications, nowMs)}</section>
<section class="card" aria-labelledby="facts"><h2 id="facts">What is known of it</h2>${factList(row, nowMs)}</section>
<section class="card" aria-labelledby="runs"><header><h2 id="runs">Last runs</h2>${stageLegend()}</header>${runs.length === 0 ? html`<p class="empty">No run has changed anything yet.</p>` : runTable(runs, { commits, nowMs, ofOneCluster: true })}</section>`,
  };
}

function trueTo({ item }: ClusterRow, nowMs: number): Html {
  const { revision, revisionAtMs } = item.status ?? {};
  if (revision === undefined) return html`nothing has been brought in yet`;
  const wanted = item.desired?.commit.revision ?? revision;
  if (isTrue(item)) return html`true to <code>${shortRevision(wanted)}</code>`;
  const when = revisionAtMs !== undefined && html` since ${ago(revisionAtMs, nowMs)}`;
  return html`last true to <code>${shortRevision(revision)}</code>${when}, on its way to <code>${shortRevision(wanted)}</code>`;
}

function applicationTable(applications: readonly ApplicationStatus[], nowMs: number): Html {
  const rank = (status: ApplicationStatus) => rankOf(verdictOfApplication(status));
  const sorted = [...applications].sort((a, b) => rank(a) - rank(b) || (a.application < b.application ? -1 : 1));
  if (sorted.length === 0) return html`<p class="empty">No application goes to this cluster.</p>`;
  return html`<table class="stack">
<thead><tr><th scope="col">Application</th><th scope="col">Sync</th><th scope="col">Health</th><th scope="col">Revision</th><th scope="col" class="num">Objects</th><th scope="col" class="num">Since</th><th scope="col">Waits for</th></tr></thead>
<tbody>${sorted.map((status) => applicationRow(status, nowMs))}</tbody></table>`;
}

function applicationRow(status: ApplicationStatus, nowMs: number): Html {
  const { cluster, application, sync, health, healthReason, revision, objects, sinceMs, suspend, waitingFor } = status;
  const waits = [...(suspend ? ['suspended'] : []), waitingFor, healthReason].filter((part) => part !== '').join('; ');
  return html`<tr><th scope="row"><a href="${applicationPath(cluster, application)}">${application}</a></th>
<td data-name="Sync">${markOf(verdictOfSync(sync))}</td><td data-name="Health">${markOf(verdictOfHealth(health))}</td>
<td data-name="Revision"><code>${shortRevision(revision)}</code></td><td data-name="Objects" class="num">${objects}</td>
<td data-name="Since" class="num">${since(sinceMs, nowMs)}</td>${waits === '' ? html`<td></td>` : html`<td data-name="Waits for"><span>${waits}</span></td>`}</tr>`;
}

function factList({ item }: ClusterRow, nowMs: number): Html {
  const { status } = item;
  if (status === undefined) return html`<p class="empty">It has not been looked at yet.</p>`;
  const { labels, facts, reachableSinceMs, unreachableSinceMs, checkedAtMs, failures } = status;
  const fact = (name: string, value: Html | string | false | undefined) =>
    value !== undefined && value !== false && html`<dt>${name}</dt><dd>${value}</dd>`;
  return html`<dl class="pairs">
${fact('unreachable', unreachableSinceMs !== undefined && html`since ${ago(unreachableSinceMs, nowMs)}`)}
${fact('reachable', reachableSinceMs !== undefined && html`since ${ago(reachableSinceMs, nowMs)}`)}
${fact('looked at', checkedAtMs !== undefined && ago(checkedAtMs, nowMs))}
${fact('failed tries', failures > 0 && String(failures))}
${fact('Kubernetes', facts?.kubernetesVersion)}
${fact('labels', html`<span class="labels">${Object.entries(labels).map(([name, value]) => html`<code>${name}=${value}</code> `)}</span>`)}
${fact('uid', facts !== undefined && html`<code>${facts.uid}</code>`)}
</dl>`;
}
