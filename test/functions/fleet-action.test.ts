import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { fleetAction } from '../../functions/fleet-action.ts';
import { PlumblineError } from '../../shared/errors.ts';
import type { AskDeps } from '../../shared/job/ask-clusters.ts';
import { pointer } from '../contract/state-store-samples.ts';
import { FakeQueue } from '../fakes/fake-queue.ts';
import { FakeStateStore } from '../fakes/fake-state-store.ts';
import { lambdaContext, recordedWorld } from './recorded-world.ts';

const REQUEST_ID = '5b0c1f6e-1111-4111-8111-000000000000';

async function pressed() {
  const state = new FakeStateStore();
  const queue = new FakeQueue();
  const world = recordedWorld({ PLUMBLINE_FLEET: 'acme' });
  await state.writeDesired('acme', 'prod', { ...pointer('desired/1', 5), network: 'bank' });
  await state.writeDesired('acme', 'test', pointer('desired/1', 6));
  const press = (event: unknown, deps: AskDeps = { state, queue }) =>
    fleetAction(() => deps, world)(event, lambdaContext(REQUEST_ID));
  const nudges = async () => (await queue.receive({ max: 100, visibilityMs: 1 })).map(({ body }) => body);
  const asked = async (cluster = 'prod') => (await state.readCluster('acme', cluster))?.asked;
  return { state, world, press, nudges, asked };
}

describe('fleet-action', () => {
  it('leaves what is asked with the cluster, under the name that was given and the id of the request', async () => {
    const { state, press, nudges, asked } = await pressed();

    const answer = await press({ act: 'suspend', cluster: 'prod', by: 'Ana' });

    const atMs = await state.nowMs();
    assert.deepEqual(answer, {
      asked: true,
      message: 'asked prod to suspend everything; its next run does it',
    });
    assert.deepEqual(await asked(), [{ id: REQUEST_ID, act: 'suspend', by: `Ana (request ${REQUEST_ID})`, atMs }]);
    assert.deepEqual(await nudges(), [
      { kind: 'cluster', fleet: 'acme', cluster: 'prod', network: 'bank', hop: 0, trace: REQUEST_ID },
    ]);
  });

  it('answers a button with a sentence for people, and takes the name from the field beside it', async () => {
    const { press, asked } = await pressed();

    const answer = await press({
      act: 'approve',
      cluster: 'prod',
      application: 'web',
      refusal: '4f9c2e1a7b3d',
      widgetContext: { forms: { all: { by: '<b>Ana</b>' } } },
    });

    assert.equal(answer, '<p><b>Done.</b> asked prod to approve 4f9c2e1a7b3d of web; its next run does it.</p>');
    assert.deepEqual(
      (await asked())?.map(({ act, application, subject, by }) => [act, application, subject, by]),
      [['approve', 'web', '4f9c2e1a7b3d', `<b>Ana</b> (request ${REQUEST_ID})`]],
    );
  });

  it('counts once when Lambda delivers the same request again', async () => {
    const { press, asked } = await pressed();

    await press({ act: 'reconcile', cluster: 'prod' });
    await press({ act: 'reconcile', cluster: 'prod' });

    assert.equal((await asked())?.length, 1);
  });

  it('wakes the planner and every cluster when none is named', async () => {
    const { state, press, nudges, asked } = await pressed();

    await press({ act: 'reconcile' });

    assert.deepEqual(await nudges(), [
      { kind: 'fleet', fleet: 'acme', hop: 0, trace: REQUEST_ID },
      { kind: 'cluster', fleet: 'acme', cluster: 'prod', network: 'bank', hop: 0, trace: REQUEST_ID },
      { kind: 'cluster', fleet: 'acme', cluster: 'test', hop: 0, trace: REQUEST_ID },
    ]);
    assert.equal((await state.readFleet('acme'))?.work.wanted, 1);
    assert.equal((await asked('test'))?.[0]?.by, `someone (request ${REQUEST_ID})`);
  });

  for (const [what, event, message] of [
    ['no act', {}, /^request: read what is asked for: act: /],
    ['an act that there is not', { act: 'delete', cluster: 'prod' }, /act: /],
    ['no cluster', { act: 'suspend' }, /suspend names no cluster/],
    [
      'a cluster that there is not',
      { act: 'suspend', cluster: 'prod-xx' },
      /fleet acme has none of that name; name one of: prod, test/,
    ],
    [
      'an application that there is not',
      { act: 'suspend', cluster: 'prod', application: 'wbe' },
      /prod has none of that name/,
    ],
    ['no refusal', { act: 'approve', cluster: 'prod' }, /approve names no refusal/],
    ['a refusal that is none', { act: 'approve', cluster: 'prod', refusal: '$(rm -rf)' }, /refusal: /],
    ['nonsense', [1, 2], /^request: /],
  ] as const) {
    it(`says what is wrong with ${what}, and asks nobody`, async () => {
      const { press, nudges, asked } = await pressed();

      const answer = await press(event);

      assert.ok(typeof answer === 'object' && !answer.asked);
      assert.match(answer.message, message);
      assert.deepEqual([await nudges(), await asked()], [[], undefined]);
    });
  }
});

test('a state that cannot be written is an error that Lambda counts', async () => {
  const { state, press, nudges } = await pressed();
  const problem = { code: 'StateUnavailable', subject: 'table', act: 'ask', wrong: 'gone', remedy: '' } as const;
  const failing = new Proxy(state, {
    get: (target, name) =>
      name === 'ask' ? () => Promise.reject(new PlumblineError([problem])) : Reflect.get(target, name).bind(target),
  });

  await assert.rejects(press({ act: 'suspend', cluster: 'prod' }, { state: failing, queue: new FakeQueue() }), /gone/);

  assert.deepEqual(await nudges(), []);
});
