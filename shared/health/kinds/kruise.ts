import type { HealthVerdict } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { assessDaemonSet } from '../daemon-set.ts';
import { judge, type KindRule } from '../kind-rule.ts';
import { fieldAt, numberAt, textAt } from '../read-field.ts';
import type { KindRules } from '../rule-for.ts';
import { HEALTHY, progressing, someOf, suspended } from '../verdict.ts';

const FAILURES: KindRule = {
  steps: ['FailedScale', 'FailedUpdate', 'FailedCreatePod', 'FailedUpdatePod'].map((condition) => ({
    condition,
    is: { True: 'degraded' as const },
  })),
  otherwise: 'healthy',
};

/** Returns the verdict for what keeps replicas: paused and partitioned updates wait for a person. */
function assessReplicas(object: KubeObject): HealthVerdict {
  if (isPaused(object)) return suspended('paused by its update strategy');
  if (fieldAt(object, 'status', 'replicas') === undefined) return progressing('its controller has not seen it yet');
  const failure = judge(FAILURES, object);
  if (failure.health !== 'healthy') return failure;
  const wanted = numberAt(object, ['spec', 'replicas'], 1);
  const updated = numberAt(object, ['status', 'updatedReplicas'], wanted);
  const partition = partitionOf(object);
  if (updated < wanted - partition) return progressing(someOf(updated, wanted - partition, 'replicas updated'));
  if (partition > 0 && updated < wanted) {
    return suspended(`${someOf(updated, wanted, 'replicas updated')}: partition ${partition} waits for a person`);
  }
  const ready = numberAt(object, ['status', 'readyReplicas'], numberAt(object, ['status', 'updatedReadyReplicas'], 0));
  return ready < wanted ? progressing(someOf(ready, wanted, 'replicas ready')) : HEALTHY;
}

function assessAdvancedDaemonSet(object: KubeObject): HealthVerdict {
  return isPaused(object) ? suspended('paused by its update strategy') : assessDaemonSet(object);
}

function isPaused(object: KubeObject): boolean {
  const strategy = fieldAt(object, 'spec', 'updateStrategy');
  return fieldAt(strategy, 'paused') === true || fieldAt(strategy, 'rollingUpdate', 'paused') === true;
}

function partitionOf(object: KubeObject): number {
  const strategy = fieldAt(object, 'spec', 'updateStrategy');
  return numberAt(strategy, ['rollingUpdate', 'partition'], numberAt(strategy, ['partition'], 0));
}

/** A step that waits for a person stands beside the phase. */
function assessKruiseRollout(object: KubeObject): HealthVerdict {
  const phase = textAt(object, 'status', 'phase');
  const step = textAt(object, 'status', 'canaryStatus', 'currentStepState');
  if (phase === 'Progressing' && step === 'StepPaused') return suspended('paused by a step of its rollout');
  return judge(
    {
      steps: [
        {
          field: 'status.phase',
          is: {
            Healthy: 'healthy',
            Disabled: 'degraded',
            Disabling: 'degraded',
            Terminating: 'degraded',
            '*': 'progressing',
          },
        },
      ],
    },
    object,
  );
}

/** OpenKruise. */
export const KRUISE: KindRules = {
  'CloneSet.apps.kruise.io': assessReplicas,
  'StatefulSet.apps.kruise.io': assessReplicas,
  'DaemonSet.apps.kruise.io': assessAdvancedDaemonSet,
  'GameServerSet.game.kruise.io': assessReplicas,
  'GameServer.game.kruise.io': {
    steps: [
      { condition: '*Ready', at: 'status.podStatus.conditions', is: { False: 'degraded' } },
      { field: 'status.currentState', is: { Ready: 'healthy', '*': 'progressing' } },
    ],
    otherwise: 'unknown',
  },
  'BroadcastJob.apps.kruise.io': {
    suspendedBy: ['spec.paused'],
    steps: [
      {
        field: 'status.phase',
        is: { completed: 'healthy', failed: 'degraded', paused: 'suspended', '*': 'progressing' },
      },
    ],
  },
  'AdvancedCronJob.apps.kruise.io': {
    suspendedBy: ['spec.paused'],
    steps: [{ field: 'status.active', is: { '*': 'progressing' } }],
    otherwise: 'healthy',
  },
  'Rollout.rollouts.kruise.io': assessKruiseRollout,
};
