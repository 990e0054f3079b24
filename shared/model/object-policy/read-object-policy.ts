import { type KubeObject, refOf } from '../kube-object.ts';
import { DEFAULT_POLICY, type ObjectPolicy } from '../object-policy.ts';
import { formatRef } from '../object-ref.ts';
import type { Problem } from '../problem.ts';
import type { Dialect } from './dialect.ts';
import { readPlumbline } from './plumbline.ts';

const DIALECTS: readonly Dialect[] = [readPlumbline];

export interface PolicyReading {
  /** With what could be read; the defaults for the rest. */
  readonly policy: ObjectPolicy;
  /** Why the object cannot be applied as it stands. */
  readonly problem?: Problem;
}

/** Returns what the annotations of `object` ask for, in all dialects. */
export function readObjectPolicy(object: KubeObject): PolicyReading {
  let policy = DEFAULT_POLICY;
  for (const read of DIALECTS) {
    const reading = read(object);
    if (!reading.ok) {
      const { wrong, remedy } = reading;
      return {
        policy,
        problem: { code: 'ConfigInvalid', subject: formatRef(refOf(object)), act: 'plan', wrong, remedy },
      };
    }
    for (const { part } of reading.words) policy = { ...policy, ...part };
  }
  return { policy };
}
