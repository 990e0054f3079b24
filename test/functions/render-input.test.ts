import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderInputFunction } from '../../functions/render-input.ts';
import { PlumblineError } from '../../shared/errors.ts';
import { writeInput } from '../../shared/job/plan-fleet/input-blobs.ts';
import { readRendering, readRenderState } from '../../shared/job/plan-fleet/rendering-blobs.ts';
import { answerRenderCall } from '../../shared/job/render-call.ts';
import type { ErrorCode } from '../../shared/model/problem.ts';
import type { RenderInput } from '../../shared/render/input.ts';
import { FakeBlobStore } from '../fakes/fake-blob-store.ts';
import { FakeQueue } from '../fakes/fake-queue.ts';
import { FakeStateStore } from '../fakes/fake-state-store.ts';
import { lambdaContext, recordedWorld } from './recorded-world.ts';
import { recordedPlace, sqsEvent } from './sqs-messages.ts';

const INPUT: RenderInput = {
  subject: 'web in prod',
  inputDigest: 'd1',
  settings: { kind: 'kustomize' },
  renderer: 'kubectl v1.36.3',
  path: 'web',
  files: new Map([['web/kustomization.yaml', new TextEncoder().encode('resources: []\n')]]),
  links: new Map(),
  facts: {},
};
const NUDGE = { kind: 'render', fleet: 'acme', input: 'input/d1', hop: 1, trace: 'push-1' };

type Call = (request: Uint8Array, call: { readonly trace: string }) => Promise<Uint8Array>;

/** The isolated renderer, with a kubectl that prints what it is told. */
function printing(yaml: string): Call {
  const renderer = { version: 'kubectl v1.36.3', run: async () => ({ yaml, warnings: [] }) };
  return (request) =>
    answerRenderCall({
      read: () => request,
      renderers: async () => ({ helm: renderer, kustomize: renderer }),
      write: (answer) => answer,
    });
}

async function scene(callRenderer: Call) {
  const [state, queue, blobs] = [new FakeStateStore(), new FakeQueue(), new FakeBlobStore()];
  await writeInput(blobs, INPUT);
  const { place, requests } = recordedPlace();
  const world = recordedWorld({ PLUMBLINE_FLEET: 'acme' });
  const parts = { state, queue, place, openBlobs: async () => blobs, callRenderer, monotonicMs: () => 0 };
  const handler = renderInputFunction(() => parts, world);
  const sent = async () => (await queue.receive({ max: 10, visibilityMs: 1 })).map(({ body }) => body);
  return { blobs, requests, world, sent, handle: () => handler(sqsEvent(NUDGE), lambdaContext()) };
}

test('seals what the renderer answers and wakes the fleet, with hops and trace', async () => {
  const traces: string[] = [];
  const render = printing('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flags}\n');
  const { blobs, world, sent, handle } = await scene((request, { trace }) => {
    traces.push(trace);
    return render(request, { trace });
  });

  assert.deepEqual(await handle(), { batchItemFailures: [] });

  const rendering = await readRendering(blobs, 'd1');
  assert.deepEqual(
    rendering?.objects.map(({ object }) => object.metadata.name),
    ['flags'],
  );
  assert.deepEqual(await sent(), [{ kind: 'fleet', fleet: 'acme', hop: 2, trace: 'push-1' }]);
  assert.deepEqual(traces, ['push-1']);
  assert.deepEqual(world.measured, ['RenderDuration=0']);
});

test('keeps why a rendering failed, under the name of the application, and wakes the fleet', async () => {
  const killed = failing('RenderFailed', 'it used more memory than 2048 MB');
  for (const [render, subject] of [
    [printing('apiVersion: v1\nkind: [\n'), /^web/],
    [killed, /^web in prod$/],
  ] as const) {
    const { blobs, sent, handle } = await scene(render);

    assert.deepEqual(await handle(), { batchItemFailures: [] });

    const state = await readRenderState(blobs, 'd1');
    assert.equal(state.state, 'failed');
    assert.match((state.state === 'failed' && state.problems[0]?.subject) || '', subject);
    assert.equal((await sent()).length, 1);
  }
});

test('tries again later when the renderer cannot be called or is of another version', async () => {
  for (const code of ['StateUnavailable', 'Throttled'] as const) {
    const { blobs, requests, sent, handle } = await scene(failing(code, 'not now'));

    assert.deepEqual(await handle(), { batchItemFailures: [{ itemIdentifier: 'message-0' }] });

    assert.match(requests.join(), /^ChangeMessageVisibility/);
    assert.deepEqual(await readRenderState(blobs, 'd1'), { state: 'missing' });
    assert.deepEqual(await sent(), []);
  }
});

test('believes no answer that is not a rendering of what it asked for', async () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
  const source = { path: 'a.yaml' };
  const answers = [
    '[]',
    '{}',
    '{"rendering":{"inputDigest":"d2","objects":[],"warnings":[]}}',
    JSON.stringify({
      rendering: { inputDigest: 'd1', objects: [{ object: { ...object, kind: 1 }, source }], warnings: [] },
    }),
    JSON.stringify({ rendering: { inputDigest: 'd1', objects: [{ object }], warnings: [] } }),
    JSON.stringify({ problems: [{ code: 'Nonsense' }] }),
  ];
  for (const answer of answers) {
    const { blobs, world, handle } = await scene(async () => new TextEncoder().encode(answer));

    assert.deepEqual(await handle(), { batchItemFailures: [] }, answer);

    assert.deepEqual(await readRenderState(blobs, 'd1'), { state: 'missing' }, answer);
    assert.ok(world.measured.includes('BugsFound=1'), answer);
  }
});

function failing(code: ErrorCode, wrong: string): Call {
  const isOwn = code !== 'RenderFailed';
  const error = new PlumblineError([{ code, subject: 'renderer', act: 'render', wrong, remedy: '' }], { isOwn });
  return () => Promise.reject(error);
}
