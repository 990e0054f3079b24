/** The `drift` report: what was changed in the clusters, by whom, when, and what was done about it. */
import type { DriftedField } from '../model/drift.ts';
import { formatRef } from '../model/object-ref.ts';
import type { SeenDrift } from '../model/status.ts';
import { type Fight, findFights, ignoreRuleFor } from './drift-fights.ts';
import { maskDrift } from './mask.ts';
import { bold, columns, dim, printLines, SIGN, yellow } from './terminal.ts';
import { count, formatAge, formatClock } from './times.ts';
import { formatTransition } from './values.ts';

export interface DriftTextOptions {
  readonly color: boolean;
  readonly nowMs: number;
  readonly width: number;
}

/** Returns the report: what keeps coming back first, then the newest drift of each object, the newest first. */
export function formatDrift(drifts: readonly SeenDrift[], options: DriftTextOptions): string {
  const newestFirst = drifts.map(maskDrift).sort((a, b) => b.seenAtMs - a.seenAtMs);
  if (newestFirst.length === 0) return printLines([`${SIGN.good} no drift was seen`], options);
  return printLines(
    [
      ...findFights(newestFirst, options.nowMs).flatMap(fightLines),
      ...newestByObject(newestFirst).flatMap(({ drift, times }) => linesOf(drift, times, options)),
    ],
    options,
  );
}

/** Returns what happened to the object as a whole: `3 fields changed`, `the object was deleted`. */
export function describeDrift({ kind, fields }: SeenDrift): string {
  switch (kind) {
    case 'changed':
      return `${count(fields.length, 'field')} changed`;
    case 'extra':
      return `${count(fields.length, 'field')} added by others`;
    case 'deleted':
      return 'the object was deleted';
    case 'disowned':
      return 'our ownership of its fields was removed';
    case 'terminating':
      return 'someone is deleting it';
  }
}

/** Returns `healed at 10:02:36Z`, `reported only (sync.drift: report)`, `healing failed at 10:02:36Z`. */
function describeAct({ act, seenAtMs, times }: SeenDrift, nowMs: number): string {
  switch (act) {
    case 'healed':
      return `healed at ${formatClock(seenAtMs, nowMs)}`;
    case 'reported':
      return times === undefined ? 'reported only (sync.drift: report)' : 'it keeps coming back, so healing waits';
    case 'failed':
      return `healing failed at ${formatClock(seenAtMs, nowMs)}`;
  }
}

const ACT_SIGNS: Readonly<Record<SeenDrift['act'], string>> = {
  healed: SIGN.good,
  reported: SIGN.change,
  failed: SIGN.bad,
};

export interface RepeatedDrift {
  readonly drift: SeenDrift;
  readonly times: number;
}

/** Returns the newest drift of each object, and how often that object drifted; the newest first as given. */
export function newestByObject(newestFirst: readonly SeenDrift[]): readonly RepeatedDrift[] {
  const byObject = new Map<string, RepeatedDrift>();
  for (const drift of newestFirst) {
    const key = `${drift.cluster}/${formatRef(drift.ref)}`;
    const seen = byObject.get(key);
    byObject.set(key, seen === undefined ? { drift, times: 1 } : { ...seen, times: seen.times + 1 });
  }
  return [...byObject.values()];
}

function linesOf(drift: SeenDrift, times: number, { nowMs, width }: DriftTextOptions): readonly string[] {
  const { cluster, ref, act, fields } = drift;
  const title = `${ACT_SIGNS[act]} ${bold(cluster)}  ${formatRef(ref)}  ${describeDrift(drift)}, ${describeAct(drift, nowMs)}${times === 1 ? '' : dim(` (seen ${times} times)`)}`;
  const rows = fields.map((field) => [
    `    ${field.path}`,
    formatTransition(field.wanted, field.found, Math.max(16, Math.floor(width / 5))),
    dim(culprit(field, nowMs)),
  ]);
  return [title, ...columns(rows, 3)];
}

function culprit({ manager, operation, since }: DriftedField, nowMs: number): string {
  if (manager === undefined) return 'removed; by whom is not recorded';
  const sinceMs = Date.parse(since ?? '');
  const when = Number.isNaN(sinceMs) ? '' : `, ${formatClock(sinceMs, nowMs)}, ${formatAge(nowMs - sinceMs)} ago`;
  return `by ${manager}${operation === 'Apply' ? ' (server-side apply)' : ''}${when}`;
}

function fightLines(fight: Fight): readonly string[] {
  const { manager, path, ref, cluster, application, times } = fight;
  return [
    yellow(
      `Keeps coming back: ${manager} has taken ${path} of ${formatRef(ref)} in ${cluster} ${count(times, 'time')} lately; healing gets rarer.`,
    ),
    `  To leave it to ${manager}, add to Application ${application}`,
    `    ${ignoreRuleFor(fight)}`,
    '',
  ];
}
