import type { JsonObject } from '../../../shared/model/json.ts';
import { HEALTHY, judges, liveObjects } from './judge.ts';

const statefulSet = liveObjects('apps/v1', 'StatefulSet');
const whole = {
  replicas: 3,
  readyReplicas: 3,
  currentReplicas: 3,
  updatedReplicas: 3,
  currentRevision: 'it-1',
  updateRevision: 'it-1',
};
const with3 = (status: JsonObject, updateStrategy: JsonObject = {}) =>
  statefulSet({ spec: { replicas: 3, updateStrategy }, status: { ...whole, ...status } });
const partition = (at: number) => ({ type: 'RollingUpdate', rollingUpdate: { partition: at } });

judges('a StatefulSet with all replicas at one revision is healthy', with3({}), HEALTHY);
judges('a StatefulSet under OnDelete is not waited for', with3({ readyReplicas: 0 }, { type: 'OnDelete' }), HEALTHY);
judges('a StatefulSet waits for its replicas', with3({ replicas: 1 }), ['progressing', '1 of 3 replicas created']);
judges('a StatefulSet waits until they are ready', with3({ readyReplicas: 2 }), [
  'progressing',
  '2 of 3 replicas ready',
]);
judges('a StatefulSet waits until extra replicas are gone', with3({ replicas: 5 }), [
  'progressing',
  '2 extra replicas still to go',
]);
judges('a StatefulSet with partition 0 waits for every update', with3({ updatedReplicas: 2 }, partition(0)), [
  'progressing',
  '2 of 3 replicas updated',
]);
judges('a StatefulSet with a partition waits for the updates above it', with3({ updatedReplicas: 1 }, partition(1)), [
  'progressing',
  '1 of 2 replicas updated (partition 1)',
]);
judges(
  'a StatefulSet with a partition is healthy once those above it are updated',
  with3({ updatedReplicas: 2, currentReplicas: 1, updateRevision: 'it-2' }, partition(1)),
  HEALTHY,
);
judges('a StatefulSet without a partition waits for replicas at the current revision', with3({ currentReplicas: 2 }), [
  'progressing',
  '2 of 3 replicas at the current revision',
]);
judges('a StatefulSet whose revisions differ is still rolling', with3({ updateRevision: 'it-2' }), [
  'progressing',
  'rolling from revision it-1 to it-2',
]);
