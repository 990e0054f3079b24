import type { JsonObject } from '../../../shared/model/json.ts';
import { HEALTHY, judges, liveObjects } from './judge.ts';

const deployment = liveObjects('apps/v1', 'Deployment');
const rolledOut = { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' };
const available = { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' };
const spec = { replicas: 3, progressDeadlineSeconds: 600 };
const whole = {
  observedGeneration: 1,
  replicas: 3,
  updatedReplicas: 3,
  availableReplicas: 3,
  readyReplicas: 3,
  conditions: [rolledOut, available],
};
const with3 = (status: JsonObject) => deployment({ spec, status: { ...whole, ...status } });

judges('a Deployment with all replicas rolled out is healthy', with3({}), HEALTHY);
judges(
  'a Deployment past its progress deadline is degraded even when replicas are missing',
  with3({
    readyReplicas: 1,
    conditions: [
      {
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: 'ReplicaSet "it-1" has timed out progressing.',
      },
    ],
  }),
  ['degraded', 'its rollout stopped making progress: ReplicaSet "it-1" has timed out progressing.'],
);
judges(
  'a paused Deployment is suspended whatever its replicas',
  deployment({ spec: { ...spec, paused: true }, status: { ...whole, readyReplicas: 1 } }),
  ['suspended', 'paused by spec.paused'],
);
judges('a Deployment with fewer replicas than wanted is progressing', with3({ replicas: 2, updatedReplicas: 2 }), [
  'progressing',
  '2 of 3 replicas created',
]);
judges('a Deployment without a status counts from nothing', deployment({ spec }), [
  'progressing',
  '0 of 3 replicas created',
]);
judges('a Deployment that names no replicas wants one', deployment({ status: {} }), [
  'progressing',
  '0 of 1 replicas created',
]);
judges(
  'a Deployment whose Pods may not be created says why',
  with3({
    replicas: 0,
    conditions: [
      {
        type: 'ReplicaFailure',
        status: 'True',
        reason: 'FailedCreate',
        message: 'pods "it-1" is forbidden: exceeded quota: small',
      },
    ],
  }),
  ['progressing', '0 of 3 replicas created: pods "it-1" is forbidden: exceeded quota: small'],
);
judges('a Deployment with replicas of the old template is progressing', with3({ updatedReplicas: 1 }), [
  'progressing',
  '1 of 3 replicas updated',
]);
judges('a Deployment waits until old replicas are gone', with3({ replicas: 4 }), [
  'progressing',
  '1 old replica still to go',
]);
judges('a Deployment waits until updated replicas are available', with3({ availableReplicas: 2 }), [
  'progressing',
  '2 of 3 replicas available',
]);
judges('a Deployment waits until replicas are ready', with3({ readyReplicas: 2 }), [
  'progressing',
  '2 of 3 replicas ready',
]);
judges(
  'a Deployment with a deadline waits for its new ReplicaSet',
  with3({ conditions: [{ type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' }, available] }),
  ['progressing', 'its new ReplicaSet is not available yet'],
);
judges(
  'a Deployment without a deadline needs no Progressing condition',
  deployment({
    spec: { replicas: 3, progressDeadlineSeconds: 2147483647 },
    status: { ...whole, conditions: [available] },
  }),
  HEALTHY,
);
judges(
  'a Deployment that is not Available is progressing',
  with3({ conditions: [rolledOut, { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable' }] }),
  ['progressing', 'Available is False: MinimumReplicasUnavailable'],
);
judges('a Deployment without an Available condition is progressing', with3({ conditions: [rolledOut] }), [
  'progressing',
  'condition Available is not set yet',
]);
judges(
  'a Deployment scaled to nothing is healthy',
  deployment({ spec: { ...spec, replicas: 0 }, status: { conditions: [rolledOut, available] } }),
  HEALTHY,
);
