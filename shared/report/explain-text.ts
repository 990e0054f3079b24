/** The `explain` report. */
import { formatRef } from '../model/object-ref.ts';
import { shortRevision } from '../model/revision.ts';
import { describeMaker } from './describe-maker.ts';
import type { ExplainedObject } from './explained-object.ts';
import type { FieldManager } from './field-managers.ts';
import { maskDrift } from './mask.ts';
import { groupProblems, problemLines } from './problems-text.ts';
import { HEALTH_SIGNS } from './status-text.ts';
import { bold, columns, printLines, SIGN, yellow } from './terminal.ts';
import { formatAge } from './times.ts';
import { formatTransition } from './values.ts';

export interface ExplainTextOptions {
  readonly color: boolean;
  readonly nowMs: number;
}

const VALUE_WIDTH = 40;

/** Returns the story of one object, what declares it first. */
export function formatExplained(explained: ExplainedObject, options: ExplainTextOptions): string {
  const { ref, cluster, madeBy, problems } = explained;
  const facts: readonly (readonly [string, string])[] = [
    ['declared by', declaredBy(explained)],
    ['made by', madeBy === undefined ? '' : describeMaker(madeBy)],
    ['looked after', explained.owner ?? ''],
    ['last change', lastChange(explained, options.nowMs)],
    ['last run', lastRun(explained, options.nowMs)],
    ['hook', explained.hook === undefined ? '' : `${explained.hook}, run once for each input of its application`],
    ['sync', describeSync(explained)],
    ['waits', (explained.waits ?? '').replace(/^waits /, '')],
    ['health', describeHealth(explained)],
    ['fields', describeManagers(explained.managers)],
    ['drift', explained.drift === undefined ? '' : `${explained.drift.kind}:`],
  ];
  return printLines(
    [
      `${bold(formatRef(ref))} in ${cluster}`,
      ...columns(facts.filter(([, text]) => text !== '').map(([name, text]) => [`  ${name}`, text])),
      ...driftLines(explained),
      ...(explained.warnings ?? []).map((text) => `  ${yellow('warning')} ${text}`),
      `  ${removal(explained)}`,
      ...problemLines(groupProblems(problems.map((problem) => ({ problem }))), true),
    ],
    options,
  );
}

function declaredBy({ application, source }: ExplainedObject): string {
  if (application === undefined) return 'no application of this fleet';
  if (source === undefined) return `application ${application}`;
  return `application ${application}, ${source.path}${source.line === undefined ? '' : `:${source.line}`}`;
}

function lastChange({ lastChange: commit }: ExplainedObject, nowMs: number): string {
  if (commit === undefined) return '';
  const age = formatAge(nowMs - commit.committedAtMs);
  return `${shortRevision(commit.revision)} "${commit.subject}" by ${commit.author}, ${age} ago`;
}

function lastRun({ run }: ExplainedObject, nowMs: number): string {
  return run === undefined ? '' : `${run.result} ${formatAge(nowMs - run.endedAtMs)} ago in run ${run.run}`;
}

/** Of what nobody declares there is nothing to be true to. */
function describeSync({ application, sync }: ExplainedObject): string {
  return application === undefined ? '' : `${sync === 'synced' ? SIGN.good : SIGN.change} ${sync}`;
}

function describeHealth({ health: { health, reason } }: ExplainedObject): string {
  return `${HEALTH_SIGNS[health]} ${health}${reason === '' ? '' : `, ${reason}`}`;
}

function describeManagers(managers: readonly FieldManager[]): string {
  return managers
    .map(({ manager, fields, subresource }) => `${manager} ${fields}${subresource === '' ? '' : ` (${subresource})`}`)
    .join(' · ');
}

function driftLines({ drift }: ExplainedObject): readonly string[] {
  if (drift === undefined) return [];
  const rows = maskDrift(drift).fields.map(({ path, wanted, found, manager }) => [
    `    ${path}`,
    formatTransition(wanted, found, VALUE_WIDTH),
    manager === undefined ? '' : `by ${manager}`,
  ]);
  return columns(rows, 3);
}

function removal({ application, dependants }: ExplainedObject): string {
  if (application === undefined) return 'Plumbline neither changes nor deletes it';
  const needs =
    dependants.length === 0
      ? `no application depends on ${application}`
      : `${dependants.join(', ')} ${dependants.length === 1 ? 'depends' : 'depend'} on ${application}`;
  return `to remove it, delete it from Git; ${needs}`;
}
