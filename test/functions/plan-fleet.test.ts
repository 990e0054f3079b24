import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planFleetFunction } from '../../functions/plan-fleet.ts';
import { PlumblineError } from '../../shared/errors.ts';
import type { Attempt, FleetKey } from '../../shared/job/ports.ts';
import { FleetWorld } from '../unit/job/plan-fleet/fleet-world.ts';
import { lambdaContext, recordedWorld } from './recorded-world.ts';
import { recordedPlace, sqsEvent } from './sqs-messages.ts';
import { toldTo } from './told-to.ts';

const VARIABLES = {
  PLUMBLINE_FLEET: 'shop',
  PLUMBLINE_BRANCH: 'main',
  PLUMBLINE_FOLDER: 'plumbline',
  PLUMBLINE_CHECK_MINUTES: '5',
  PLUMBLINE_RENDERER_VERSIONS: '{"helm":"v4.2.3","kubectl":"v1.36.3"}',
};
const NUDGE = { kind: 'fleet', fleet: 'shop', hop: 3, trace: 'push-1' };
const FLEET_FILE = `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: prod}
spec: {kubeconfig: {context: prod}}
---
apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: web}
spec: {source: {path: apps/web}, clusters: {names: [prod]}}
`;
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flags}\n';

function scene() {
  const fleet = new FleetWorld();
  fleet.source.commit('main', { 'plumbline/fleet.yaml': FLEET_FILE, 'apps/web/flags.yaml': CONFIG_MAP });
  const { place, requests } = recordedPlace();
  const world = recordedWorld(VARIABLES);
  const told = toldTo(fleet.events);
  const parts = { ...fleet.deps, place, openBlobs: async () => fleet.blobs, openNotifier: told.open };
  const handler = planFleetFunction(() => parts, world);
  return { fleet, parts, requests, world, told, handle: (body: unknown) => handler(sqsEvent(body), lambdaContext()) };
}

test('plans what it is nudged for, and passes on hops and trace', async () => {
  const { fleet, told, handle } = scene();
  await fleet.state.wake({ kind: 'fleet', fleet: 'shop' });

  assert.deepEqual(await handle(NUDGE), { batchItemFailures: [] });

  const [asked] = await fleet.nudges();
  assert.deepEqual([asked?.kind, asked?.hop, asked?.trace], ['render', 4, 'push-1']);
  assert.equal((await fleet.status())?.problems.length, 0);
  assert.equal(told.flushed, 1);
});

test('sends what is no nudge for it to the dead letters, with the reason, and takes it off the queue', async () => {
  const { requests, world, handle } = scene();

  assert.deepEqual(await handle('no json'), { batchItemFailures: [] });
  assert.deepEqual(await handle({ kind: 'cluster', fleet: 'shop', cluster: 'prod', hop: 0 }), {
    batchItemFailures: [],
  });

  assert.equal(requests.length, 2);
  assert.match(requests[0] ?? '', /^SendMessage .*\/dead.*"MessageBody":"no json".*a message in the queue: read: /);
  assert.match(requests[1] ?? '', /this worker takes no nudge of the kind/);
  assert.equal(world.lines.filter((line) => line.includes('"outcome":"rejected"')).length, 2);
  assert.doesNotMatch(world.lines.join(), /no json/);
});

test('gives the message back while its own state is away, and tells of it', async () => {
  for (const code of ['StateUnavailable', 'Throttled'] as const) {
    const { parts, requests, world } = scene();
    const away = new PlumblineError([{ code, subject: 'table t', act: 'acquire', wrong: 'away', remedy: '' }], {
      isOwn: true,
    });
    const state = Object.assign(Object.create(parts.state), { acquire: () => Promise.reject(away) });
    const handler = planFleetFunction(() => ({ ...parts, state }), world);

    const answer = await handler(sqsEvent(NUDGE), lambdaContext());

    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    assert.match(requests.join(), /^ChangeMessageVisibility .*"VisibilityTimeout":1/);
    assert.match(world.lines.join(), /"level":"warn".*given-back/);
    assert.deepEqual(world.measured, code === 'Throttled' ? ['Throttles=1'] : []);
  }
});

test('plans within the time that its invocation has', async () => {
  const { fleet, parts, world } = scene();
  const holds: number[] = [];
  const acquire = async (_key: FleetKey, attempt: Attempt) => {
    holds.push(attempt.holdMs);
    return { result: 'held' };
  };
  const state = Object.assign(Object.create(fleet.state), { acquire });
  const handler = planFleetFunction(() => ({ ...parts, state }), world);

  for (const remainingMs of [330_000, 120_000]) {
    await handler(sqsEvent(NUDGE), { ...lambdaContext(), getRemainingTimeInMillis: () => remainingMs });
  }

  assert.deepEqual(holds, [300_000 + 90_000, 100_000 + 90_000]);
});
