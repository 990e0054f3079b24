/** What becomes of one object that nobody wants any more: deleted, let go, or left where it is. */
import type { Change, SkipReason } from '../model/change.ts';
import { type KubeObject, refOf } from '../model/kube-object.ts';
import { readObjectPolicy } from '../model/object-policy/read-object-policy.ts';
import type { ObjectPolicy } from '../model/object-policy.ts';
import type { Holding } from './holdings.ts';
import { waveOf } from './order.ts';
import type { PlanInput } from './plan-input.ts';
import { isSuspended } from './suspended.ts';

export interface Unwanted {
  readonly change: Change;
  /** It goes only when a person has said so. */
  readonly asksToConfirm: boolean;
}

/** By the annotations of the live object, for in Git it has none any more. */
export function decidePrune(live: KubeObject, holding: Holding, input: PlanInput): Unwanted {
  // Annotations that contradict one another read as those of an object that stays.
  const { policy } = readObjectPolicy(live);
  const { application, planned, settings } = holding;
  const base = { ref: refOf(live), application, wave: waveOf(live, policy), live };
  const isRemoved = planned === undefined;
  const letsGo = isRemoved && settings.deletion === 'orphan';
  const reason = reasonToStay(live, holding, input) ?? (letsGo ? undefined : protectedBy(policy, holding));
  if (reason) return { change: { op: 'skip', ...base, reason }, asksToConfirm: false };
  const uid = live.metadata.uid ?? '';
  if (letsGo) return { change: { op: 'prune', ...base, uid, letsGo }, asksToConfirm: false };
  const propagation = policy.propagation ?? settings.prunePropagation ?? 'background';
  return {
    change: { op: 'prune', ...base, uid, propagation, ...(policy.pruneLast && { last: true }) },
    asksToConfirm: wordOf(policy, isRemoved) === 'confirm',
  };
}

function reasonToStay(live: KubeObject, { application, planned, parents }: Holding, input: PlanInput) {
  const { suspensions, complete, unavailable = [] } = input;
  if (live.metadata.deletionTimestamp !== undefined) return 'terminating';
  const names = [application, ...parents.map((parent) => parent.application)];
  if (planned?.application.suspend || names.some((name) => isSuspended(name, suspensions))) return 'suspended';
  const isHeld = !complete || planned?.application.heldBack || names.some((name) => unavailable.includes(name));
  return isHeld || (planned === undefined && !isCounted(application, input)) ? 'held-back' : undefined;
}

/** Tells whether the planner knows that the application goes; what it holds is a guard's to refuse. */
export function isCounted(application: string, { removes, removalHold }: PlanInput): boolean {
  return (
    removes === undefined || removes.includes(application) || removalHold?.applications.includes(application) === true
  );
}

function protectedBy(policy: ObjectPolicy, { planned, settings }: Holding): SkipReason | undefined {
  if (policy.apply === 'ignore') return 'left-alone';
  const word = wordOf(policy, planned === undefined);
  return word === 'no' || !settings.prune ? 'protected' : undefined;
}

function wordOf({ prune, removal }: ObjectPolicy, isRemoved: boolean): ObjectPolicy['prune'] {
  return isRemoved ? removal : prune;
}
