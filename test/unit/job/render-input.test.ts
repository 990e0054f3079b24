import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlumblineError } from '../../../shared/errors.ts';
import { writeInput } from '../../../shared/job/plan-fleet/input-blobs.ts';
import { readRendering, readRenderState } from '../../../shared/job/plan-fleet/rendering-blobs.ts';
import type { JobEvent } from '../../../shared/job/ports.ts';
import { renderHere } from '../../../shared/job/render-call.ts';
import { type RenderDeps, renderInput } from '../../../shared/job/render-input.ts';
import type { ErrorCode } from '../../../shared/model/problem.ts';
import type { RenderInput } from '../../../shared/render/input.ts';
import { FakeBlobStore } from '../../fakes/fake-blob-store.ts';
import { FakeQueue } from '../../fakes/fake-queue.ts';
import { FakeStateStore } from '../../fakes/fake-state-store.ts';

const TARGET = { fleet: 'shop', input: 'input/d1' };

function world(renderer: () => Promise<{ yaml: string; warnings: readonly string[] }>) {
  const events: JobEvent[] = [];
  const [state, queue, blobs] = [new FakeStateStore(), new FakeQueue(), new FakeBlobStore()];
  let runs = 0;
  const run = () => {
    runs += 1;
    return renderer();
  };
  const deps: RenderDeps = {
    ...{ state, queue, blobs },
    render: renderHere({ helm: { version: 'helm 1', run }, kustomize: { version: 'kustomize 1', run } }),
    notifier: { notify: (event) => events.push(event) },
    monotonicMs: () => 0,
  };
  const input: RenderInput = {
    subject: 'web in prod',
    inputDigest: 'd1',
    settings: { kind: 'kustomize' },
    renderer: 'kustomize 1',
    path: 'web',
    files: new Map([['web/kustomization.yaml', new TextEncoder().encode('resources: []\n')]]),
    links: new Map(),
    facts: {},
  };
  const wanted = async () => (await state.readFleet('shop'))?.work.wanted ?? 0;
  return { deps, blobs, queue, input, events, wanted, runs: () => runs };
}

const CONFIG_MAP = { yaml: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n', warnings: ['careful'] };

function failure(code: ErrorCode): PlumblineError {
  return new PlumblineError([{ code, subject: 'web', act: 'render', wrong: 'no', remedy: 'yes' }]);
}

describe('renderInput', () => {
  it('writes the rendering, then wakes the fleet', async () => {
    const { deps, blobs, queue, input, events, wanted } = world(async () => CONFIG_MAP);
    await writeInput(blobs, input);

    assert.equal(await renderInput(deps, TARGET), 'rendered');

    const rendering = await readRendering(blobs, 'd1');
    assert.deepEqual(
      rendering?.objects.map(({ object }) => object.metadata.name),
      ['a'],
    );
    assert.deepEqual(rendering?.warnings, ['careful']);
    assert.equal(await wanted(), 1);
    assert.equal(queue.size, 1);
    assert.deepEqual(
      events.map(({ event }) => event),
      ['rendered'],
    );
  });

  it('renders nothing twice, but wakes the fleet again: the one before may have been cut off', async () => {
    const { deps, blobs, input, wanted, runs } = world(async () => CONFIG_MAP);
    await writeInput(blobs, input);
    await renderInput(deps, TARGET);

    assert.equal(await renderInput(deps, TARGET), 'known');
    assert.equal(runs(), 1);
    assert.equal(await wanted(), 2);
  });

  it('keeps what is wrong with the files, and does not try them again', async () => {
    const { deps, blobs, input, wanted, runs } = world(async () => Promise.reject(failure('RenderFailed')));
    await writeInput(blobs, input);

    assert.equal(await renderInput(deps, TARGET), 'failed');
    assert.equal(await renderInput(deps, TARGET), 'known');

    assert.deepEqual(await readRenderState(blobs, 'd1'), {
      state: 'failed',
      problems: failure('RenderFailed').problems,
    });
    assert.equal(runs(), 1);
    assert.equal(await wanted(), 2);
  });

  it('keeps nothing of a fault that is not in the files', async () => {
    for (const error of [failure('StateUnavailable'), new Error('a bug')]) {
      const { deps, blobs, input, wanted } = world(async () => Promise.reject(error));
      await writeInput(blobs, input);

      await assert.rejects(renderInput(deps, TARGET), error);
      assert.deepEqual(await readRenderState(blobs, 'd1'), { state: 'missing' });
      assert.equal(await wanted(), 0);
    }
  });

  it('goes when the input is gone: the planner asks again', async () => {
    const { deps, wanted } = world(async () => CONFIG_MAP);

    assert.equal(await renderInput(deps, TARGET), 'lost');
    assert.equal(await wanted(), 0);
  });
});
