import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { trueCondition } from './conditions.ts';
import { fieldAt, numberAt, textAt } from './read-field.ts';
import { countOf, degraded, HEALTHY, oneLine, progressing, suspended } from './verdict.ts';

/**
 * Returns the verdict for a Job. A running Job is progressing, unlike in kstatus, where it is current: a later wave
 * waits for its end (as Flux does: fluxcd/pkg, runtime/statusreaders/job.go).
 */
export function assessJob(object: KubeObject): HealthVerdict {
  if (trueCondition(object, 'Complete') !== undefined) return HEALTHY;
  const failed = trueCondition(object, 'Failed');
  if (failed !== undefined)
    return degraded(`the Job failed: ${oneLine(failed.message || failed.reason || 'no reason given')}`);
  if (fieldAt(object, 'spec', 'suspend') === true) return suspended('suspended by spec.suspend');
  if (textAt(object, 'status', 'startTime') === '') return progressing('the Job has not started yet');
  const count = (field: string) => numberAt(object, ['status', field], 0);
  const failures = count('failed') === 0 ? '' : `, ${count('failed')} failed`;
  return progressing(
    `the Job is running: ${countOf(count('active'), 'Pod')} active, ${count('succeeded')} succeeded${failures}`,
  );
}

/** Returns the verdict for a CronJob: it is what it should be as soon as it exists. */
export function assessCronJob(object: KubeObject): HealthVerdict {
  return fieldAt(object, 'spec', 'suspend') === true ? suspended('suspended by spec.suspend') : HEALTHY;
}
