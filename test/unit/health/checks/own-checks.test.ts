import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAssess } from '../../../../shared/job/reconcile/assess-objects.ts';
import { type HealthCheck, healthCheckSchema } from '../../../../shared/model/health-check.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { liveObjects, NOW_MS } from '../judge.ts';

const shop = liveObjects('shop.example/v1', 'Shop');
const RULE = { group: 'shop.example', kind: 'Shop', healthy: "status.phase == 'Open'" };

async function judged(rule: Partial<HealthCheck>, status: JsonObject, metadata = {}) {
  const check = healthCheckSchema.parse({ ...RULE, ...rule });
  const assess = await createAssess([{ name: 'mall', healthChecks: [check] }, { name: 'street' }]);
  return assess('mall', shop({ status, metadata }), NOW_MS);
}

test('a rule of its own goes before what the conditions say', async () => {
  const status = { phase: 'Open', conditions: [{ type: 'Ready', status: 'False' }] };

  assert.deepEqual(await judged({}, status), { health: 'healthy', reason: '' });
});
test('what is not healthy is progressing, and quotes the rule', async () => {
  assert.deepEqual(await judged({}, { phase: 'Shut' }), {
    health: 'progressing',
    reason: `its health check "healthy" is not true yet: status.phase == 'Open'`,
  });
});
test('degraded is asked before healthy, and its message is for people', async () => {
  const rule = { degraded: 'status.tills == 0', message: "'no till in ' + metadata.name" };

  assert.deepEqual(await judged(rule, { phase: 'Open', tills: 0 }), { health: 'degraded', reason: 'no till in it' });
});
test('progressing is asked first', async () => {
  const { health } = await judged({ progressing: 'true', degraded: 'true' }, { phase: 'Open' });

  assert.equal(health, 'progressing');
});
test('a rule that fails at run time makes the health unknown, with the reason', async () => {
  assert.deepEqual(await judged({}, {}), {
    health: 'unknown',
    reason: 'its health check "healthy" cannot tell: field not found: phase',
  });
});
test('a rule that gives a text makes the health unknown', async () => {
  const { health, reason } = await judged({ healthy: 'status.phase' }, { phase: 'Open' });

  assert.deepEqual(
    [health, reason],
    ['unknown', 'its health check "healthy" cannot tell: it gives a text, not true or false'],
  );
});
test('a message that cannot be told leaves the rule itself', async () => {
  const { reason } = await judged({ message: 'status.nothing' }, { phase: 'Shut' });

  assert.match(reason, /^its health check "healthy" is not true yet/);
});
for (const other of [{ name: 'else' }, { namespace: 'else' }, { kind: 'Mall' }, { group: '' }]) {
  test(`a rule about ${JSON.stringify(other)} is not asked`, async () => {
    const { health } = await judged(other, { phase: 'Shut', conditions: [{ type: 'Ready', status: 'True' }] });

    assert.equal(health, 'healthy');
  });
}
test('an object that is being deleted is terminating by any rule', async () => {
  const { reason } = await judged({}, { phase: 'Open' }, { deletionTimestamp: '2026-11-21T11:00:00Z' });

  assert.equal(reason, 'terminating since 2026-11-21T11:00:00Z');
});
test('another application is judged by what the kind says', async () => {
  const check = healthCheckSchema.parse({ ...RULE, healthy: 'false' });
  const assess = await createAssess([{ name: 'mall', healthChecks: [check] }]);

  assert.equal(assess('street', shop({}), NOW_MS).health, 'healthy');
});
