/**
 * The `plan` report: what cannot be undone first (deletions), then what would not work (refusals, conflicts, clusters out
 * of reach), then changes, additions, and what is left alone. Clusters where the same would happen stand together.
 */
import { shortRevision } from '../model/revision.ts';
import { type DiffTextOptions, fieldChangeLines } from './field-change-text.ts';
import type { FleetPlan } from './fleet-plan.ts';
import { exitCodeOf, placedProblems, problemsOfCluster } from './plan-verdict.ts';
import { groupPlan, type PlannedGroup, type PlannedObject, renderWarningsOf, warningsOf } from './planned-objects.ts';
import { type GroupedWait, groupWaits } from './planned-waits.ts';
import { groupProblems, type PlacedProblem, problemLines } from './problems-text.ts';
import { bold, columns, dim, printLines, SIGN, yellow } from './terminal.ts';
import { count, formatAge, formatDuration } from './times.ts';

export interface PlanTextOptions extends DiffTextOptions {
  /** What stands first: objects with their clusters, or clusters with their objects. */
  readonly by: 'fleet' | 'cluster';
  readonly color: boolean;
  readonly nowMs: number;
}

interface PlanView extends PlanTextOptions {
  /** Clusters in the plan: what happens in all of them names none. */
  readonly total: number;
}

type Effect = PlannedObject['effect'];

/** Returns the whole report, the exit code named at its end. */
export function formatPlan(plan: FleetPlan, options: PlanTextOptions): string {
  const groups = groupPlan(plan.clusters);
  const waits = groupWaits(plan.clusters);
  const body =
    options.by === 'fleet'
      ? sections({ groups, waits, problems: placedProblems(plan) }, { ...options, total: plan.clusters.length })
      : [
          ...problemSection(
            plan.problems.map((problem) => ({ problem })),
            options,
          ),
          ...clusterSections(plan, options),
        ];
  const lines = [
    headline(plan, options.nowMs),
    '',
    ...body,
    ...warningLines(plan),
    ...footer(plan, exitCodeOf(plan, groups)),
  ];
  return printLines(lines, options);
}

function warningLines({ clusters }: FleetPlan): readonly string[] {
  const warnings = [...renderWarningsOf(clusters), ...warningsOf(clusters)];
  if (warnings.length === 0) return [];
  const lines = warnings.map(([text, [first = '', ...others]]) => {
    const where = others.length === 0 ? first : `${first} and ${others.length} more`;
    return `  ${yellow('warning')} ${text} ${dim(`(${where})`)}`;
  });
  return [...lines, ''];
}

function headline({ commit, clusters }: FleetPlan, nowMs: number): string {
  const revision = shortRevision(commit.revision);
  const isWorktree = revision === 'worktree';
  const from = isWorktree
    ? `Uncommitted files on top of "${commit.subject}"`
    : `Revision ${bold(revision)} "${commit.subject}" (${commit.author}, ${formatAge(nowMs - commit.committedAtMs)} ago)`;
  return `${from} against ${count(clusters.length, 'cluster')}`;
}

function footer(plan: FleetPlan, code: 0 | 1 | 2): readonly string[] {
  const requests = plan.clusters.reduce((sum, cluster) => sum + cluster.requests, 0);
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
    const content = {
      groups: groupPlan([preview]),
      waits: groupWaits([preview]),
      problems: problemsOfCluster(preview),
    };
    const body = sections(content, { ...options, total: 1 });
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

interface PlanContent {
  readonly groups: readonly PlannedGroup[];
  readonly waits: readonly GroupedWait[];
  readonly problems: readonly PlacedProblem[];
}

function sections({ groups, waits, problems }: PlanContent, view: PlanView): readonly string[] {
  const of = (effect: Effect) => groups.filter(({ object }) => object.effect === effect);
  return [
    ...section(of('delete'), { sign: SIGN.bad, is: 'will be deleted', are: 'will be deleted' }, view),
    ...section(of('let-go'), { sign: SIGN.gone, is: 'is let go and stays', are: 'are let go and stay' }, view),
    ...problemSection(problems, view),
    ...waitSection(waits, view),
    ...section(of('change'), { sign: SIGN.change, is: 'changes', are: 'change' }, view),
    ...section(of('create'), { sign: SIGN.add, is: 'is new', are: 'are new' }, view),
    ...section(of('skip'), { sign: SIGN.still, is: 'is left alone', are: 'are left alone' }, view),
    ...renewed(of('renew')),
  ];
}

function waitSection(waits: readonly GroupedWait[], view: PlanView): readonly string[] {
  if (waits.length === 0) return [];
  const names = new Set(waits.map(({ application }) => application)).size;
  const rows = columns(waits.map(({ application, clusters }) => [application, clusterNames(clusters, view)]));
  return [
    `  ${SIGN.busy} ${bold(`${count(names, 'application')} would wait`)}`,
    ...waits.flatMap(({ waitsFor }, index) => [`      ${rows[index]}`, `        for ${waitsFor}`]),
    '',
  ];
}

interface Heading {
  readonly sign: string;
  readonly is: string;
  readonly are: string;
}

function section(groups: readonly PlannedGroup[], heading: Heading, view: PlanView): readonly string[] {
  if (groups.length === 0) return [];
  const objects = new Set(groups.map(({ object }) => object.ref)).size;
  const clusters = new Set(groups.flatMap((group) => group.clusters)).size;
  const where = view.by === 'cluster' ? '' : ` in ${count(clusters, 'cluster')}`;
  const title = `${count(objects, 'object')} ${objects === 1 ? heading.is : heading.are}${where}`;
  const names = columns(groups.map(({ object, clusters: where }) => [object.ref, clusterNames(where, view)]));
  return [
    `  ${heading.sign} ${bold(title)}`,
    ...groups.flatMap(({ object }, index) => [`      ${names[index]}`, ...hookLine(object), ...details(object, view)]),
    '',
  ];
}

function hookLine({ hook }: PlannedObject): readonly string[] {
  return hook === undefined ? [] : [`        is run as a ${hook} hook`];
}

function clusterNames(clusters: readonly string[], { total, by, full }: PlanView): string {
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
    case 'let-go':
    case 'renew':
      return [];
    case 'skip':
      return [`${indent}${SKIP_REASONS[object.reason]}${heldBy(object)}`];
    case 'change':
      return [
        ...(object.replaced === undefined
          ? []
          : [`${indent}is deleted and made anew: ${object.replaced} cannot be changed`]),
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
  running: 'a hook that is declared no longer, and still runs',
  suspended: 'its application is suspended',
  'drift-reported': 'only reported (sync.drift: report), drift',
  'drift-ignored': 'ignored (sync.drift: ignore), drift',
  'held-back': 'not deleted while an application of its cluster is held back',
  protected: 'protected against deletion',
  fight: 'others change it again and again, so healing waits; drift',
  'left-alone': 'its annotations ask to leave it alone',
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
