/** A kind that nobody told us of never says healthy while a condition says otherwise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assessHealth } from '../../../shared/health/assess.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import { liveObjects, NOW_MS } from './judge.ts';

const shop = liveObjects('shop.example/v1', 'Shop');
const words = fc.constantFrom('', 'Waiting', 'InstallFailed', 'AllGood', 'Progressing', 'ProgressingWithRetry');
const statuses = fc.constantFrom('True', 'False', 'Unknown', '');
const conditionOf = (type: fc.Arbitrary<string>, status: fc.Arbitrary<string>) =>
  fc.record({ type, status, reason: words, message: words });
const anyCondition = conditionOf(
  fc.constantFrom('Ready', 'TillsOpen', 'Available', 'Failed', 'Reconciling', 'Stalled', 'Paused', 'ShopReady'),
  statuses,
);
const saysOtherwise = fc.oneof(
  conditionOf(
    fc.constantFrom('Ready', 'Available', 'Healthy', 'Synced', 'Accepted', 'Programmed', 'Succeeded', 'Valid'),
    fc.constantFrom('False', 'Unknown', ''),
  ),
  conditionOf(
    fc.constantFrom('Failed', 'Degraded', 'Error', 'NotReady', 'Stalled', 'Invalid', 'Paused'),
    fc.constant('True'),
  ),
);
const judged = (conditions: readonly JsonObject[]) => assessHealth(shop({ status: { conditions } }), NOW_MS);

test('an unknown kind is not healthy while one of its conditions says otherwise', () => {
  fc.assert(
    fc.property(fc.array(anyCondition), saysOtherwise, fc.array(anyCondition), (before, bad, after) => {
      const { health, reason } = judged([...before, bad, ...after]);
      assert.notEqual(health, 'healthy');
      assert.notEqual(reason, '');
    }),
  );
});

test('an unknown kind whose conditions are all good is healthy', () => {
  const good = fc.record({ type: fc.constantFrom('Ready', 'Available', 'TillsOpen'), status: fc.constant('True') });

  fc.assert(fc.property(fc.array(good), (conditions) => judged(conditions).health === 'healthy'));
});

test('judging never throws, whatever a controller writes', () => {
  const kinds = fc.constantFrom(
    ...[
      ['argoproj.io/v1alpha1', 'Rollout'],
      ['gateway.networking.k8s.io/v1', 'Gateway'],
      ['apps.kruise.io/v1alpha1', 'CloneSet'],
      ['work.karmada.io/v1alpha2', 'ResourceBinding'],
      ['apps/v1', 'Deployment'],
      ['v1', 'Pod'],
      ['autoscaling/v2', 'HorizontalPodAutoscaler'],
      ['shop.example/v1', 'Shop'],
    ].map(([apiVersion = '', kind = '']) => liveObjects(apiVersion, kind)),
  );
  const status = fc.dictionary(
    fc.constantFrom('conditions', 'phase', 'replicas', 'listeners', 'aggregatedStatus', 'observedGeneration'),
    fc.oneof(fc.array(anyCondition), fc.string()),
  );

  fc.assert(
    fc.property(kinds, status, (live, parts) => {
      const { health, reason } = assessHealth(live({ status: parts }), NOW_MS);
      assert.equal(reason === '', health === 'healthy');
    }),
  );
});
