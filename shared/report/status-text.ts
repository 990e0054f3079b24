/** The `status` report: one sentence that answers, a line a cluster, trouble first, then every problem once. */
import type { Health } from '../model/health.ts';
import { type Commit, shortRevision } from '../model/revision.ts';
import type { ApplicationStatus, ClusterItem, FleetStatus, LeftCluster } from '../model/status.ts';
import { describeSuspension, leavingLines, waitingLines } from './asked-text.ts';
import { CLUSTER_STATES, type ClusterState, isTrue, STATE_SIGNS, stateOfCluster } from './cluster-state.ts';
import { goneProblem } from './gone-problem.ts';
import { groupProblems, type PlacedProblem, problemLines } from './problems-text.ts';
import { bold, columns, dim, printLines, SIGN } from './terminal.ts';
import { count, formatAge } from './times.ts';

/** Everything that the state table says of a fleet. */
export interface FleetReport {
  readonly fleet: FleetStatus;
  readonly clusters: readonly ClusterItem[];
  readonly applications: readonly ApplicationStatus[];
}

export interface StatusTextOptions {
  readonly color: boolean;
  readonly nowMs: number;
  /** Every application a line, every place of a problem. */
  readonly full: boolean;
}

/** A cluster with all that is shown of it. */
export interface ClusterRow {
  readonly item: ClusterItem;
  readonly state: ClusterState;
  readonly applications: readonly ApplicationStatus[];
}

export const HEALTH_SIGNS: Readonly<Record<Health, string>> = {
  healthy: SIGN.good,
  suspended: SIGN.still,
  progressing: SIGN.busy,
  unknown: SIGN.change,
  missing: SIGN.bad,
  degraded: SIGN.bad,
};

/** Returns the whole report. */
export function formatStatus(report: FleetReport, options: StatusTextOptions): string {
  const rows = clusterRows(report);
  const problems = problemLines(groupProblems(problemsOfFleet(report)), options.full);
  return printLines(
    [
      headline(report, rows, options.nowMs),
      ...refusedHead(report.fleet, options.nowMs),
      '',
      ...clusterTable(rows, options.nowMs),
      ...applicationTable(rows, options),
      ...peopleLines(rows, options.nowMs),
      ...(problems.length === 0 ? [] : ['', ...problems]),
      ...noteLines(report),
    ],
    options,
  );
}

/** Each note once, with where it holds. */
function noteLines({ fleet, applications }: FleetReport): readonly string[] {
  const placesByNote = new Map((fleet.notes ?? []).map((note) => [note, [] as string[]]));
  for (const { cluster, application, notes = [] } of applications) {
    for (const note of notes)
      placesByNote.set(note, [...(placesByNote.get(note) ?? []), `${cluster} / ${application}`]);
  }
  const lines = [...placesByNote].map(([note, [first, ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return dim(`note: ${note}${first === undefined ? '' : ` (${first}${more})`}`);
  });
  const all = [...lines, ...(fleet.left ?? []).map((one) => dim(`note: ${describeLeft(one)}`))];
  return all.length === 0 ? [] : ['', ...all];
}

/** Returns `cluster old is declared no longer: 2 applications (api, web) with 41 objects stay in it, …`. */
function describeLeft({ cluster, applications, objects }: LeftCluster): string {
  const shown = applications.slice(0, 5).join(', ') + (applications.length > 5 ? ', …' : '');
  const what = `${count(applications.length, 'application')} (${shown}) with ${count(objects, 'object')}`;
  return `cluster ${cluster} is declared no longer: ${what} stay in it, and nobody looks after them`;
}

/** Returns the clusters, worst state first, by name within a state. */
export function clusterRows({ fleet, clusters, applications }: FleetReport): readonly ClusterRow[] {
  const gone = new Set(fleet.gone?.map(({ cluster }) => cluster));
  const rows = clusters.map((item): ClusterRow => {
    const own = applications.filter(({ cluster }) => cluster === item.cluster);
    const state = gone.has(item.cluster) ? 'gone' : stateOfCluster(item, own, fleet.planned);
    return { item, applications: own, state };
  });
  const rank = ({ state }: ClusterRow) => CLUSTER_STATES.indexOf(state);
  return rows.sort((a, b) => rank(a) - rank(b) || (a.item.cluster < b.item.cluster ? -1 : 1));
}

/** Returns every problem of the fleet, its clusters and their applications, with its place. */
export function problemsOfFleet({ fleet, clusters, applications }: FleetReport): readonly PlacedProblem[] {
  return [
    ...[...fleet.problems, ...(fleet.unplaced ?? [])].map((problem) => ({ problem })),
    ...(fleet.gone ?? []).map((gone) => ({ problem: goneProblem(gone), cluster: gone.cluster })),
    ...clusters.flatMap(({ cluster, status }) => (status?.problems ?? []).map((problem) => ({ problem, cluster }))),
    ...applications.flatMap(({ cluster, application, problems }) =>
      problems.map((problem) => ({ problem, cluster, application })),
    ),
  ];
}

function headline({ fleet }: FleetReport, all: readonly ClusterRow[], nowMs: number): string {
  const rows = all.filter(({ state }) => state !== 'gone');
  const total = rows.length;
  const are = rows.filter(({ item }) => isTrue(item, fleet.planned)).length;
  const of = (...states: readonly ClusterState[]) => rows.filter(({ state }) => states.includes(state)).length;
  const to = fleet.planned === undefined ? 'what Git says' : bold(shortRevision(fleet.planned.revision));
  const parts = [
    `${are} of ${count(total, 'cluster')} true to ${to}`,
    `${rows.filter(({ item, state }) => !isTrue(item, fleet.planned) && state !== 'unreachable').length} behind`,
    `${of('unreachable')} unreachable`,
    ...(of('out-of-sync') === 0 ? [] : [`${of('out-of-sync')} out of sync`]),
    ...(of('suspended') === 0 ? [] : [`${of('suspended')} suspended`]),
    ...(rows.length === all.length ? [] : [`${all.length - rows.length} gone`]),
  ];
  return `${bold('FLEET')}  ${parts.join(' · ')}    ${dim(branchAge(fleet, nowMs))}`;
}

function branchAge({ branch, head }: FleetStatus, nowMs: number): string {
  return head === undefined
    ? `${branch}, not read yet`
    : `${branch}, pushed ${formatAge(nowMs - head.committedAtMs)} ago`;
}

/** The newest commit is not the one that the clusters are held to: said before anything else. */
function refusedHead({ head, planned, problems }: FleetStatus, nowMs: number): readonly string[] {
  if (head === undefined || head.revision === planned?.revision) return [];
  const verdict =
    problems.length === 0 ? 'is being planned' : `is refused: ${count(problems.length, 'problem')}, see below`;
  const stays = planned === undefined ? 'nothing is applied yet' : `${shortRevision(planned.revision)} stays in place`;
  const sign = problems.length === 0 ? SIGN.busy : SIGN.bad;
  return [
    `${sign} ${describeCommit(head)} (${head.author}, ${formatAge(nowMs - head.committedAtMs)} ago) ${verdict}; ${stays}`,
  ];
}

function describeCommit(commit: Commit): string {
  return `${shortRevision(commit.revision)} "${commit.subject}"`;
}

function clusterTable(rows: readonly ClusterRow[], nowMs: number): readonly string[] {
  if (rows.length === 0) return ['no cluster is declared'];
  const header = ['CLUSTER', 'SYNC', 'HEALTH', 'APPLICATIONS', 'REVISION', 'SINCE'].map(dim);
  return columns([
    header,
    ...rows.map(({ item, state, applications }) => {
      const good = applications.filter(({ sync, health }) => sync === 'synced' && health === 'healthy').length;
      return [
        item.cluster,
        `${STATE_SIGNS[state]} ${state}`,
        item.status === undefined ? '' : `${HEALTH_SIGNS[item.status.health]} ${item.status.health}`,
        applications.length === 0 ? 'none' : `${good} of ${applications.length}`,
        item.status?.revision === undefined ? '' : shortRevision(item.status.revision),
        formatSince(sinceOf({ item, state, applications }), nowMs),
      ];
    }),
  ]);
}

/** Without `full` only the applications that are not what they should be; healthy ones have nothing to say. */
function applicationTable(rows: readonly ClusterRow[], { full, nowMs }: StatusTextOptions): readonly string[] {
  const lines = rows.flatMap(({ item, applications }) =>
    applications
      .filter((application) => full || isNotable(application))
      .map((application) => [
        `${item.cluster} / ${application.application}`,
        `${application.sync === 'synced' ? SIGN.good : SIGN.change} ${application.sync}`,
        `${HEALTH_SIGNS[application.health]} ${application.health}`,
        shortRevision(application.revision),
        formatSince(application.sinceMs, nowMs),
        [suspendedText(application, nowMs), application.waitingFor, application.healthReason]
          .filter((part) => part !== '')
          .join('; '),
      ]),
  );
  if (lines.length === 0) return [];
  return ['', ...columns([['APPLICATION', 'SYNC', 'HEALTH', 'REVISION', 'SINCE', 'WAITS FOR'].map(dim), ...lines])];
}

function suspendedText({ suspend, suspension }: ApplicationStatus, nowMs: number): string {
  if (!suspend) return '';
  return suspension === undefined ? 'suspended' : describeSuspension(suspension, nowMs);
}

/** Whole clusters that people suspended, what they asked for that waits, and what is on its way out. */
function peopleLines(rows: readonly ClusterRow[], nowMs: number): readonly string[] {
  const lines = rows.flatMap(({ item }) => [
    ...(item.status?.suspension === undefined
      ? []
      : [`${item.cluster}: ${describeSuspension(item.status.suspension, nowMs)}`]),
    ...waitingLines(item, nowMs),
    ...leavingLines(item),
  ]);
  return lines.length === 0 ? [] : ['', ...lines.map((line) => `${SIGN.still} ${line}`)];
}

function isNotable({ sync, health, suspend, waitingFor }: ApplicationStatus): boolean {
  return sync !== 'synced' || health !== 'healthy' || suspend || waitingFor !== '';
}

function sinceOf({ item, applications }: ClusterRow): number | undefined {
  const { status } = item;
  if (status?.unreachableSinceMs !== undefined) return status.unreachableSinceMs;
  const changedAtMs = [status?.revisionAtMs ?? 0, ...applications.map(({ sinceMs }) => sinceMs)];
  const latestMs = Math.max(...changedAtMs);
  return latestMs === 0 ? undefined : latestMs;
}

function formatSince(sinceMs: number | undefined, nowMs: number): string {
  return sinceMs === undefined ? '' : formatAge(nowMs - sinceMs);
}
