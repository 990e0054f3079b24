import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { conditionOf } from './conditions.ts';
import { containerStatuses, troubleOf } from './pod-trouble.ts';
import { fieldAt, textAt } from './read-field.ts';
import { degraded, HEALTHY, progressing, someOf } from './verdict.ts';

/** The scheduler retries; a node may be about to come. kstatus waits as long. */
const UNSCHEDULABLE_GRACE_MS = 15_000;

/**
 * Returns kstatus' verdict for a Pod that somebody declared. Beyond it: a failed Pod is degraded (kstatus asks whether
 * it has settled and calls it current), a crash loop counts in init containers too, and a Pod that is to end (restartPolicy
 * Never or OnFailure) is progressing until it has, as a Job is.
 */
export function assessPod(object: KubeObject, nowMs: number): HealthVerdict {
  const phase = textAt(object, 'status', 'phase');
  if (phase === 'Succeeded') return HEALTHY;
  const isToEnd = ['Never', 'OnFailure'].includes(textAt(object, 'spec', 'restartPolicy'));
  if (phase === 'Running' && conditionOf(object, 'Ready')?.status === 'True') {
    return isToEnd ? progressing('it runs, and has not ended yet') : HEALTHY;
  }
  const trouble = troubleOf(object);
  switch (trouble?.kind) {
    case 'failed':
    case 'crash-loop':
      return degraded(trouble.reason);
    case 'unschedulable':
      return isUnschedulableForLong(object, nowMs) ? degraded(trouble.reason) : progressing(trouble.reason);
    case 'image':
    case 'container-config':
      return progressing(trouble.reason);
    case undefined:
      return progressing(describeWaiting(object, phase));
  }
}

function isUnschedulableForLong(pod: KubeObject, nowMs: number): boolean {
  const sinceMs = Date.parse(conditionOf(pod, 'PodScheduled')?.lastTransitionTime ?? '');
  return !(nowMs - sinceMs <= UNSCHEDULABLE_GRACE_MS);
}

function describeWaiting(pod: KubeObject, phase: string): string {
  if (phase === '') return 'no node has seen it yet';
  if (phase === 'Pending') return 'its containers are not started yet';
  const statuses = containerStatuses(pod).filter((status) => fieldAt(status, 'state', 'terminated') === undefined);
  const ready = statuses.filter((status) => fieldAt(status, 'ready') === true).length;
  return phase === 'Running' ? someOf(ready, statuses.length, 'containers ready') : `phase ${phase}`;
}
