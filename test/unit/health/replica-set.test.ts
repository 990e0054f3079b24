import type { JsonObject } from '../../../shared/model/json.ts';
import { HEALTHY, judges, liveObjects } from './judge.ts';

const replicaSet = liveObjects('apps/v1', 'ReplicaSet');
const whole = { replicas: 2, fullyLabeledReplicas: 2, availableReplicas: 2, readyReplicas: 2 };
const with2 = (status: JsonObject) => replicaSet({ spec: { replicas: 2 }, status: { ...whole, ...status } });

judges('a ReplicaSet with all replicas ready is healthy', with2({}), HEALTHY);
judges(
  'a ReplicaSet whose Pods may not be created says why',
  with2({
    replicas: 0,
    conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' }],
  }),
  ['progressing', '0 of 2 replicas created: exceeded quota'],
);
judges('a ReplicaSet waits for labelled replicas', with2({ fullyLabeledReplicas: 1 }), [
  'progressing',
  '1 of 2 replicas labelled',
]);
judges('a ReplicaSet waits for available replicas', with2({ availableReplicas: 1 }), [
  'progressing',
  '1 of 2 replicas available',
]);
judges('a ReplicaSet waits for ready replicas', with2({ readyReplicas: 1 }), ['progressing', '1 of 2 replicas ready']);
judges('a ReplicaSet waits until extra replicas are gone', with2({ replicas: 3 }), [
  'progressing',
  '1 extra replica still to go',
]);
