/**
 * The `plan` report: what cannot be undone first (deletions), then what would not work (refusals, conflicts, clusters out
 * of reach), then changes, additions, and what is left alone. Clusters where the same would happen stand together.
 */
import { shortRevision } from '../model/revision.ts';
import { type DiffTextOptions, fieldChangeLines } from './field-change-text.ts';
import type { ClusterPreview, FleetPlan } from './fleet-plan.ts';
import { groupPlan, type PlannedGroup, type PlannedObject } from './planned-objects.ts';
import { groupProblems, type PlacedProblem, problemLines } from './problems-text.ts';
import { bold, columns, dim, printLines, SIGN } from './terminal.ts';
import { count, formatAge, formatDuration } from './times.ts';

export interface PlanTextOptions extends DiffTextOptions {
  /** What stands first: objects with their clusters, or clusters with their objects. */
  readonly by: 'fleet' | 'cluster';
  readonly color: boolean;
  readonly nowMs: number;
}

type Effect = PlannedObject['effect'];

/** Returns the exit code of `plan`: 0 nothing would change, 2 something would, 1 something would fail. */
export function exitCodeOfPlan(plan: FleetPlan): 0 | 1 | 2 {
  if (placedProblems(plan).length > 0) return 1;
  return groupPlan(plan.clusters).some(({ object }) => isChange(object.effect)) ? 2 : 0;
}

/** Returns the whole report, the exit code named at its end. */
export function formatPlan(plan: FleetPlan, options: PlanTextOptions): string {
  const body =
    options.by === 'fleet'
      ? sections(plan.clusters, placedProblems(plan), options)
      : [
          ...problemSection(
            plan.problems.map((problem) => ({ problem })),
            options,
          ),
          ...clusterSections(plan, options),
        ];
  return printLines([headline(plan, options.nowMs), '', ...body, ...footer(plan)], options);
}

function headline({ commit, clusters }: FleetPlan, nowMs: number): string {
  const revision = shortRevision(commit.revision);
  const isWorktree = revision === 'worktree';
  const from = isWorktree
    ? `Uncommitted files on top of "${commit.subject}"`
    : `Revision ${bold(revision)} "${commit.subject}" (${commit.author}, ${formatAge(nowMs - commit.committedAtMs)} ago)`;
  return `${from} against ${count(clusters.length, 'cluster')}`;
}

function footer(plan: FleetPlan): readonly string[] {
  const requests = plan.clusters.reduce((sum, cluster) => sum + cluster.requests, 0);
  const code = exitCodeOfPlan(plan);
  const nextStep: Readonly<Record<typeof code, string>> = {
    0: 'Every cluster is true to it already.',
    1: 'What is refused stays as it is until that is mended; see above.',
    2: 'Apply with: git push, or plumbline apply',
  };
  const checked = `${count(plan.clusters.length, 'cluster')} checked in ${formatDuration(plan.durationMs)}`;
  return [
    `${checked}, ${count(requests, 'request')}. Nothing was changed.`,
    nextStep[code],
    dim(`exit status ${code}`),
  ];
}

/** Clusters with equal plans share a heading. */
function clusterSections(plan: FleetPlan, options: PlanTextOptions): readonly string[] {
  const byBody = new Map<string, { readonly body: readonly string[]; readonly clusters: string[] }>();
  for (const preview of plan.clusters) {
    const body = sections([preview], clusterProblems(preview), { ...options, by: 'cluster' });
    const key = body.join('\n');
    const alike = byBody.get(key) ?? { body, clusters: [] };
    byBody.set(key, alike);
    alike.clusters.push(preview.cluster);
  }
  return [...byBody.values()].flatMap(({ body, clusters }) => [
    bold(clusters.join(', ')),
    ...(body.length === 0 ? ['  nothing would change', ''] : body),
  ]);
}

function sections(
  clusters: readonly ClusterPreview[],
  problems: readonly PlacedProblem[],
  options: PlanTextOptions,
): readonly string[] {
  const groups = groupPlan(clusters);
  const total = clusters.length;
  const of = (effect: Effect) => groups.filter(({ object }) => object.effect === effect);
  return [
    ...section(of('delete'), { sign: SIGN.bad, is: 'will be deleted', are: 'will be deleted', total }, options),
    ...problemSection(problems, options),
    ...section(of('change'), { sign: SIGN.change, is: 'changes', are: 'change', total }, options),
    ...section(of('create'), { sign: SIGN.add, is: 'is new', are: 'are new', total }, options),
    ...section(of('skip'), { sign: SIGN.still, is: 'is left alone', are: 'are left alone', total }, options),
    ...renewed(of('renew')),
  ];
}

interface Heading {
  readonly sign: string;
  readonly is: string;
  readonly are: string;
  /** Clusters in the plan: where it happens in all of them, they are not named. */
  readonly total: number;
}

function section(groups: readonly PlannedGroup[], heading: Heading, options: PlanTextOptions): readonly string[] {
  if (groups.length === 0) return [];
  const objects = new Set(groups.map(({ object }) => object.ref)).size;
  const clusters = new Set(groups.flatMap((group) => group.clusters)).size;
  const where = options.by === 'cluster' ? '' : ` in ${count(clusters, 'cluster')}`;
  const title = `${count(objects, 'object')} ${objects === 1 ? heading.is : heading.are}${where}`;
  const names = columns(
    groups.map(({ object, clusters: where }) => [object.ref, clusterNames(where, heading, options)]),
  );
  return [
    `  ${heading.sign} ${bold(title)}`,
    ...groups.flatMap(({ object }, index) => [`      ${names[index]}`, ...details(object, options)]),
    '',
  ];
}

function clusterNames(clusters: readonly string[], { total }: Heading, { by, full }: PlanTextOptions): string {
  if (by === 'cluster') return '';
  if (clusters.length === total && total > 1) return dim(`all ${total} clusters`);
  const shown = full || clusters.length <= 4 ? clusters : clusters.slice(0, 3);
  const hidden = clusters.length - shown.length;
  return dim(`${shown.join(', ')}${hidden === 0 ? '' : ` and ${hidden} more`}`);
}

function details(object: PlannedObject, options: PlanTextOptions): readonly string[] {
  const indent = '        ';
  switch (object.effect) {
    case 'delete':
    case 'renew':
      return [];
    case 'skip':
      return [`${indent}${SKIP_REASONS[object.reason]}${heldBy(object)}`];
    case 'change':
      return [
        ...(object.drift === undefined ? [] : [`${indent}drift${heldBy(object)}, put right`]),
        ...fieldChangeLines(object.fields, indent, options),
        ...(object.contentsUnread
          ? [`${indent}its contents change; they were not read, so they are not compared here`]
          : []),
      ];
    case 'create':
      return [
        ...(object.drift === undefined ? [] : [`${indent}was deleted in the cluster, comes back`]),
        ...(options.full ? fieldChangeLines(object.fields, indent, options) : []),
      ];
  }
}

const SKIP_REASONS: Readonly<Record<Extract<PlannedObject, { effect: 'skip' }>['reason'], string>> = {
  suspended: 'its application is suspended',
  'drift-reported': 'only reported (sync.drift: report), drift',
  'drift-ignored': 'ignored (sync.drift: ignore), drift',
  'held-back': 'not deleted while an application of its cluster is held back',
  protected: 'protected against deletion',
  terminating: 'it is being deleted in the cluster; it comes back once it is gone',
};

function heldBy(object: Extract<PlannedObject, { effect: 'skip' | 'change' }>): string {
  const by = object.drift?.by ?? [];
  return by.length === 0 ? '' : ` by ${by.join(', ')}`;
}

function renewed(groups: readonly PlannedGroup[]): readonly string[] {
  if (groups.length === 0) return [];
  const objects = groups.reduce((sum, { clusters }) => sum + clusters.length, 0);
  return [
    `  ${SIGN.still} ${count(objects, 'object')} would be applied again with the same result (our records are renewed)`,
    '',
  ];
}

function problemSection(problems: readonly PlacedProblem[], { full }: PlanTextOptions): readonly string[] {
  if (problems.length === 0) return [];
  return [...problemLines(groupProblems(problems), full).map((line) => `  ${line}`), ''];
}

/** Returns everything that would fail, in the order of the fleet: clusters out of reach, guards, refused objects. */
export function placedProblems(plan: FleetPlan): readonly PlacedProblem[] {
  return [
    ...plan.problems.map((problem) => ({ problem })),
    ...plan.clusters.flatMap((preview) => {
      const { cluster } = preview;
      return clusterProblems(preview).map((placed) => ({ ...placed, cluster }));
    }),
  ];
}

function clusterProblems({ changes, refusals, unreachable }: ClusterPreview): readonly PlacedProblem[] {
  return [
    ...(unreachable === undefined ? [] : [{ problem: unreachable }]),
    ...refusals.map((problem) => ({ problem })),
    ...changes.flatMap((change) =>
      change.op === 'refuse' ? [{ problem: change.problem, application: change.application }] : [],
    ),
  ];
}

function isChange(effect: Effect): boolean {
  return effect === 'delete' || effect === 'change' || effect === 'create';
}
