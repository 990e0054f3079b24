import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assessHealth } from '../../../shared/health/assess.ts';
import { belongsTo, gravestTrouble, withPodTrouble } from '../../../shared/health/explain-workload.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { liveObjects, NOW_MS } from './judge.ts';

const explainWorkload = (workload: KubeObject, pods: readonly KubeObject[]) => gravestTrouble(workload, pods)?.said;
const assessWorkload = (workload: KubeObject, pods: readonly KubeObject[], nowMs: number) =>
  withPodTrouble(assessHealth(workload, nowMs), gravestTrouble(workload, pods));

const api = liveObjects(
  'apps/v1',
  'Deployment',
)({ metadata: { name: 'api', uid: 'u-api' }, spec: { replicas: 2 }, status: { replicas: 2, updatedReplicas: 2 } });
const queue = liveObjects('apps/v1', 'StatefulSet')({ metadata: { name: 'queue', uid: 'u-queue' } });

const crashLoop = {
  name: 'app',
  restartCount: 1,
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
};
const noImage = { name: 'app', image: 'shop/api:9', state: { waiting: { reason: 'ErrImagePull' } } };

function podOfApi(name: string, container: JsonObject, hash = '7d4b9'): KubeObject {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `api-${hash}`, uid: `u-${hash}`, controller: true };
  return liveObjects(
    'v1',
    'Pod',
  )({
    metadata: { name, labels: { 'pod-template-hash': hash }, ownerReferences: [owner] },
    status: { phase: 'Pending', containerStatuses: [container] },
  });
}

test('names the crash loop of a Pod with its exit code, reason and restarts', () => {
  const text = explainWorkload(api, [podOfApi('api-7d4b9-x', crashLoop)]);

  assert.equal(text, 'container app keeps crashing: exit code 137, OOMKilled, 1 restart (Pod api-7d4b9-x)');
});

test('names the gravest trouble first and counts who shares it', () => {
  const pods = [
    podOfApi('api-7d4b9-a', noImage),
    podOfApi('api-7d4b9-b', crashLoop),
    podOfApi('api-7d4b9-c', crashLoop),
  ];

  assert.equal(
    explainWorkload(api, pods),
    'container app keeps crashing: exit code 137, OOMKilled, 1 restart (2 Pods, the first is api-7d4b9-b)',
  );
});

test('says nothing when no Pod has trouble', () => {
  assert.equal(explainWorkload(api, [podOfApi('api-7d4b9-a', { name: 'app', state: { running: {} } })]), undefined);
});

test('deepens the reason of a workload that is not healthy', () => {
  assert.deepEqual(assessWorkload(api, [podOfApi('api-7d4b9-x', noImage)], NOW_MS), {
    health: 'progressing',
    reason:
      '0 of 2 replicas available; waiting for Pods: container app cannot pull image shop/api:9 (ErrImagePull) (Pod api-7d4b9-x)',
  });
});

test('leaves a healthy workload alone whatever an old Pod says', () => {
  const idle = liveObjects(
    'apps/v1',
    'Deployment',
  )({
    metadata: { name: 'api', uid: 'u-api' },
    spec: { replicas: 0 },
    status: { conditions: [{ type: 'Available', status: 'True' }] },
  });

  assert.deepEqual(assessWorkload(idle, [podOfApi('api-7d4b9-x', crashLoop)], NOW_MS), {
    health: 'healthy',
    reason: '',
  });
});

test('finds the Pods of a Deployment through the hash in the name of their ReplicaSet', () => {
  const mine = podOfApi('api-7d4b9-x', noImage);
  const ofApiV2 = {
    ...mine,
    metadata: {
      ...mine.metadata,
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'api-v2-7d4b9', uid: 'u', controller: true },
      ],
    },
  };

  const ofArgo = {
    ...mine,
    metadata: {
      ...mine.metadata,
      ownerReferences: [
        { apiVersion: 'argoproj.io/v1', kind: 'ReplicaSet', name: 'api-7d4b9', uid: 'u', controller: true },
      ],
    },
  };
  const rollout = { ...api, apiVersion: 'argoproj.io/v1', metadata: { ...api.metadata, uid: 'u-rollout' } };
  const set = { ...api, kind: 'StatefulSet', metadata: { ...api.metadata, uid: 'u-set' } };

  assert.equal(belongsTo(mine, api), true);
  assert.equal(belongsTo(ofArgo, api), false);
  assert.equal(belongsTo(mine, rollout), false);
  assert.equal(belongsTo(mine, set), false);
  assert.equal(belongsTo(ofApiV2, api), false);
});

test('tells a ReplicaSet from another kind of that name', () => {
  const mine = podOfApi('api-7d4b9-x', noImage);
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'api-7d4b9', uid: 'u', controller: true };

  assert.equal(belongsTo({ ...mine, metadata: { ...mine.metadata, ownerReferences: [owner] } }, api), false);
});

test('finds the Pods of other workloads by the uid of their controller', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'queue', uid: 'u-queue' };
  const pod = liveObjects('v1', 'Pod');

  assert.equal(belongsTo(pod({ metadata: { ownerReferences: [{ ...owner, controller: true }] } }), queue), true);
  assert.equal(
    belongsTo(pod({ metadata: { ownerReferences: [owner] } }), queue),
    false,
    'an owner that is not the controller',
  );
  assert.equal(
    belongsTo(pod({ metadata: { namespace: 'other', ownerReferences: [{ ...owner, controller: true }] } }), queue),
    false,
  );
  assert.equal(belongsTo(pod({}), queue), false);
});
