import { formatRef, type RefKey } from '../../model/object-ref.ts';
import type { PreparedObject } from '../prepare.ts';
import type { GuardRefusal } from './guard-refusal.ts';

/** Refuses every application that declares an object which another, or it itself, declares too. */
export function refuseDuplicateObjects(objects: Iterable<PreparedObject>): readonly GuardRefusal[] {
  const firstByKey = new Map<RefKey, PreparedObject>();
  const refusals = new Map<string, GuardRefusal>();
  for (const object of objects) {
    const key = formatRef(object.ref);
    const first = firstByKey.get(key);
    if (!first) firstByKey.set(key, object);
    else
      for (const one of [first, object])
        if (!refusals.has(one.application)) refusals.set(one.application, refusal(key, first, object, one));
  }
  return [...refusals.values()];
}

function refusal(key: RefKey, first: PreparedObject, second: PreparedObject, refused: PreparedObject): GuardRefusal {
  return {
    guard: 'duplicate-object',
    application: refused.application,
    stopsPrunes: false,
    problem: {
      code: 'DuplicateObject',
      subject: key,
      act: 'plan',
      wrong: `it is declared twice: ${place(first)} and ${place(second)}`,
      remedy: 'keep one of them',
    },
  };
}

function place({ application, source }: PreparedObject): string {
  const line = source.line === undefined ? '' : `:${source.line}`;
  return `by application ${application} (${source.path}${line})`;
}
