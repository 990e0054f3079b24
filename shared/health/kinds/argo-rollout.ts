import type { HealthVerdict } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { judge, type KindRule } from '../kind-rule.ts';
import { fieldAt, numberAt, textAt } from '../read-field.ts';
import { countOf, degraded, HEALTHY, progressing, someOf, suspended } from '../verdict.ts';

const GAVE_UP = new Set(['ProgressDeadlineExceeded', 'RolloutAborted', 'InvalidSpec']);

/** Since v1.0 the controller says it in one word. */
const PHASE: KindRule = {
  steps: [
    {
      field: 'status.phase',
      is: { Healthy: 'healthy', Progressing: 'progressing', Paused: 'suspended', Degraded: 'degraded' },
    },
  ],
};

/**
 * Returns the verdict for an Argo Rollout. `status.observedGeneration` is text there: the generation since v1.0, a hash
 * before, which is longer than any generation.
 */
export function assessRollout(object: KubeObject): HealthVerdict {
  const observed = textAt(object, 'status', 'observedGeneration');
  if (observed === '') return progressing('its controller has not seen it yet');
  const { generation } = object.metadata;
  if (generation !== undefined && /^\d+$/.test(observed) && Number(observed) < generation) {
    return progressing(`its controller has seen generation ${observed}, not yet ${generation}`);
  }
  const rested = pauseOf(object);
  if (textAt(object, 'status', 'phase') !== '') return judge(PHASE, object);
  return rested ?? conditionOfOld(object) ?? replicasOf(object) ?? HEALTHY;
}

function pauseOf(object: KubeObject): HealthVerdict | undefined {
  if (fieldAt(object, 'status', 'controllerPause') === true) return suspended('paused by a step of its rollout');
  return fieldAt(object, 'spec', 'paused') === true ? suspended('paused by spec.paused') : undefined;
}

function conditionOfOld(object: KubeObject): HealthVerdict | undefined {
  const rule: KindRule = {
    steps: [
      { condition: 'InvalidSpec', is: { True: 'degraded' } },
      {
        condition: 'Progressing',
        is: { False: Object.fromEntries([...GAVE_UP].map((reason) => [reason, 'degraded' as const])) },
      },
    ],
    otherwise: 'healthy',
  };
  const verdict = judge(rule, object);
  return verdict.health === 'healthy' ? undefined : degraded(verdict.reason);
}

function replicasOf(object: KubeObject): HealthVerdict | undefined {
  const wanted = numberAt(object, ['spec', 'replicas'], 1);
  const count = (field: string) => numberAt(object, ['status', field], 0);
  const [existing, updated, available] = [count('replicas'), count('updatedReplicas'), count('availableReplicas')];
  if (updated < wanted) return progressing(someOf(updated, wanted, 'replicas updated'));
  if (available < updated) return progressing(someOf(available, updated, 'replicas available'));
  const isBlueGreen = fieldAt(object, 'spec', 'strategy', 'blueGreen') !== undefined;
  // Blue-green keeps the old replicas for a while on purpose.
  if (!isBlueGreen && existing > updated) {
    return progressing(`${countOf(existing - updated, 'old replica')} still to go`);
  }
  return undefined;
}
