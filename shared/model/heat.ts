/**
 * How hot the fight over an object is: a count of healings of the same fields that fades. Once or twice is a person; who
 * takes the same field for the third time in half an hour is a controller, and healing alone would never end. From there
 * on healing gets rarer (about every seven minutes where the other one never rests), and it is told who wants the field.
 */
import type { Drift } from './drift.ts';

export interface Heat {
  /** The count as it was at `atMs`. */
  readonly count: number;
  readonly atMs: number;
  /** The fields that were healed last; none: the whole object. */
  readonly fields: readonly ContestedField[];
}

export interface ContestedField {
  /** As people read it. */
  readonly path: string;
  /** JSON pointer in the rendered object. */
  readonly pointer: string;
  /** Who takes it; absent where nobody holds it. */
  readonly manager?: string;
}

const FADES_MS = 30 * 60_000;
/** The third healing reaches it while the first two have faded by a sixth. */
const FIGHT = 2.5;
const LONGEST_REST_MS = 15 * 60_000;
const MOST_FIELDS = 5;

/** Returns the count as it has faded to by `nowMs`. */
export function heatAt({ count, atMs }: Heat, nowMs: number): number {
  return count * Math.exp(-Math.max(0, nowMs - atMs) / FADES_MS);
}

/** Returns the heat after what drifted was healed; other fields than the last time begin anew. */
export function heatedBy(before: Heat | undefined, drift: Drift, nowMs: number): Heat {
  const fields = drift.fields.slice(0, MOST_FIELDS).map(({ path, pointer, declared = pointer, manager }) => ({
    path,
    pointer: declared,
    ...(manager !== undefined && { manager }),
  }));
  const isSame = before !== undefined && isOver(before, drift);
  return { count: 1 + (isSame ? heatAt(before, nowMs) : 0), atMs: nowMs, fields };
}

/** Tells whether there is a fight. */
export function isFight(heat: Heat, nowMs: number): boolean {
  return heatAt(heat, nowMs) >= FIGHT;
}

/** Tells whether healing waits: the longer, the hotter it was when the same was healed last. */
export function isResting(heat: Heat, drift: Drift, nowMs: number): boolean {
  if (heat.count < FIGHT || !isOver(heat, drift)) return false;
  return nowMs - heat.atMs < Math.min(60_000 * 2 ** (heat.count - FIGHT), LONGEST_REST_MS);
}

/** Tells whether the fight is over (some of) what drifted. */
export function isOver({ fields }: Heat, drift: Drift): boolean {
  if (fields.length === 0) return drift.fields.length === 0;
  return drift.fields.some(({ path }) => fields.some((field) => field.path === path));
}
