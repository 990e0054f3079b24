import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onSchedule } from '../../functions/on-schedule.ts';
import { PlumblineError } from '../../shared/errors.ts';
import { FakeQueue } from '../fakes/fake-queue.ts';
import { FakeStateStore } from '../fakes/fake-state-store.ts';
import { lambdaContext, recordedWorld } from './recorded-world.ts';
import { leavePlanned } from './wake-recorder.ts';

const EVENT = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '123456789012',
  time: '2026-11-21T15:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:aws:events:eu-west-1:123456789012:rule/plumbline-sweep'],
  detail: {},
};

function scheduled() {
  const state = new FakeStateStore();
  const queue = new FakeQueue();
  const world = recordedWorld({ PLUMBLINE_FLEET: 'acme' });
  const handler = onSchedule(() => ({ state, queue }), world);
  const bodies = async () => (await queue.receive({ max: 100, visibilityMs: 1 })).map(({ body }) => body);
  return { state, queue, world, bodies, sweep: () => handler(EVENT, lambdaContext()) };
}

test('nudges what is due, and nothing that is not', async () => {
  const { state, world, bodies, sweep } = scheduled();
  await leavePlanned(state, {});
  await state.wake({ kind: 'cluster', fleet: 'acme', cluster: 'prod' });

  await sweep();

  assert.deepEqual(await bodies(), [{ kind: 'cluster', fleet: 'acme', cluster: 'prod', hop: 0, trace: EVENT.id }]);
  assert.deepEqual(world.measured.slice(0, 2), ['Sweeps=1', 'SweepDue=1']);
});

test('wakes a fleet that nothing is known of, and no fleet that is known', async () => {
  const { state, bodies, sweep } = scheduled();
  await sweep();
  assert.deepEqual(await bodies(), [{ kind: 'fleet', fleet: 'acme', hop: 0, trace: EVENT.id }]);
  assert.equal((await state.readFleet('acme'))?.work.wanted, 1);

  const known = scheduled();
  await leavePlanned(known.state, {});
  await known.sweep();
  assert.deepEqual(await known.bodies(), []);
});

test('counts clusters by state with the first sweep and with every fourth after it', async () => {
  const { state, world, sweep } = scheduled();
  await leavePlanned(state, {});
  await state.wake({ kind: 'cluster', fleet: 'acme', cluster: 'prod' });

  for (let minute = 0; minute < 9; minute += 1) await sweep();

  assert.equal(world.measured.filter((value) => value === 'Sweeps=1').length, 9);
  assert.equal(world.measured.filter((value) => value === 'ClustersOutOfSync=1').length, 3);
  assert.deepEqual(world.measured.slice(0, 9), [
    'Sweeps=1',
    'SweepDue=1',
    'ClustersSynced=0',
    'ClustersOutOfSync=1',
    'ClustersUnreachable=0',
    'ClustersLost=0',
    'ClustersSuspended=0',
    'ClustersGone=0',
    'ApplicationsOutOfSync=0',
  ]);
});

test('fails when state or queue do, and counts no sweep', async () => {
  const { state, queue, world, sweep } = scheduled();
  await state.wake({ kind: 'fleet', fleet: 'acme' });
  const error = new PlumblineError([
    { code: 'StateUnavailable', subject: 'queue', act: 'send', wrong: 'away', remedy: '' },
  ]);
  queue.send = () => Promise.reject(error);

  await assert.rejects(sweep(), error);
  assert.deepEqual(world.measured, []);
  assert.match(world.lines.join('\n'), /"level":"error".*StateUnavailable/);
});
