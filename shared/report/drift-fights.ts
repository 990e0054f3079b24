/** Drift that keeps coming back: someone else wants the field as much as Git does, and healing alone never ends. */
import { formatRef, type ObjectRef } from '../model/object-ref.ts';
import { ignoreEntry } from '../model/settle-conflict.ts';
import type { SeenDrift } from '../model/status.ts';

export interface Fight {
  readonly cluster: string;
  readonly ref: ObjectRef;
  readonly application: string;
  /** The field, and how an `ignore` rule names it. */
  readonly path: string;
  readonly pointer: string;
  readonly manager: string;
  /** How often lately. */
  readonly times: number;
}

const WINDOW_MS = 30 * 60_000;

/**
 * Returns the fields that someone takes again and again, as the runs of the last 30 minutes found them, the most often
 * first. What counts as that is decided when an object is healed (model/heat.ts).
 */
export function findFights(drifts: readonly SeenDrift[], nowMs: number): readonly Fight[] {
  const newest = new Map<string, SeenDrift>();
  for (const drift of drifts) {
    const key = `${drift.cluster}/${formatRef(drift.ref)}`;
    if (drift.seenAtMs > (newest.get(key)?.seenAtMs ?? nowMs - WINDOW_MS - 1)) newest.set(key, drift);
  }
  return [...newest.values()].flatMap(fightsOf).sort((a, b) => b.times - a.times);
}

function fightsOf({ cluster, ref, application, fields, times }: SeenDrift): readonly Fight[] {
  if (times === undefined) return [];
  return fields.flatMap(({ path, pointer, declared = pointer, manager }) =>
    manager === undefined ? [] : [{ cluster, ref, application, path, pointer: declared, manager, times }],
  );
}

/** Returns the line of an Application's spec that leaves the field to its other manager. */
export function ignoreRuleFor({ ref, pointer, manager }: Fight): string {
  return ignoreEntry(ref, { fields: [pointer], managers: [manager] });
}
