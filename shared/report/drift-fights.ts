/** Drift that keeps coming back: someone else wants the field as much as Git does, and healing alone never ends. */
import { formatRef, type ObjectRef } from '../model/object-ref.ts';
import type { SeenDrift } from '../model/status.ts';

export interface Fight {
  readonly cluster: string;
  readonly ref: ObjectRef;
  readonly application: string;
  /** The field, and how an `ignore` rule names it. */
  readonly path: string;
  readonly pointer: string;
  readonly manager: string;
  readonly times: number;
}

const WINDOW_MS = 30 * 60_000;
/** Twice may be two people; three times in half an hour is a controller. */
const LEAST_TIMES = 3;

/** Returns the fields that were healed and that one manager took, at least three times in the last 30 minutes, the most often first. */
export function findFights(drifts: readonly SeenDrift[], nowMs: number): readonly Fight[] {
  const fights = new Map<string, Fight>();
  for (const drift of drifts) {
    if (drift.act !== 'healed' || drift.seenAtMs < nowMs - WINDOW_MS) continue;
    for (const { path, pointer, manager } of drift.fields) {
      if (manager === undefined) continue;
      const { cluster, ref, application } = drift;
      const key = [cluster, formatRef(ref), path, manager].join('\n');
      const times = (fights.get(key)?.times ?? 0) + 1;
      fights.set(key, { cluster, ref, application, path, pointer, manager, times });
    }
  }
  return [...fights.values()].filter(({ times }) => times >= LEAST_TIMES).sort((a, b) => b.times - a.times);
}

/** Returns the line of an Application's spec that leaves the field to its other manager. */
export function ignoreRuleFor({ ref, pointer }: Fight): string {
  const group = ref.group === '' ? '""' : ref.group;
  return `ignore: [{kind: ${ref.kind}, group: ${group}, name: ${ref.name}, fields: [${pointer}]}]`;
}
