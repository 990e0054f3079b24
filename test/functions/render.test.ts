import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { renderFunction } from '../../functions/render.ts';
import { packPayload, unpackPayload } from '../../shared/adapters/lambda/render-payload.ts';
import { openLayerTools } from '../../shared/adapters/tools/layer-tools.ts';
import { PlumblineError } from '../../shared/errors.ts';
import { renderByCall } from '../../shared/job/render-call.ts';
import type { ExternalTool } from '../../shared/model/external-tool.ts';
import type { RenderInput } from '../../shared/render/input.ts';
import { mountedLayer } from './mounted-layer.ts';
import { lambdaContext, recordedWorld } from './recorded-world.ts';

const onLayerMachines = {
  skip: process.platform === 'linux' && process.arch === 'x64' ? false : 'the binaries of the layer are linux x86_64',
};

/** What render-input does, with the function in place of Lambda: JSON goes over, JSON comes back. */
async function renderer(t: TestContext, { remainingMs = 60_000 } = {}) {
  const folder = await mountedLayer(t);
  const world = recordedWorld({ PLUMBLINE_FLEET: 'acme' });
  const handler = renderFunction(() => openLayerTools(folder), world);
  const context = { ...lambdaContext(), getRemainingTimeInMillis: () => remainingMs };
  const invoke = async (payload: unknown): Promise<Uint8Array> =>
    unpackPayload(JSON.parse(JSON.stringify(await handler(JSON.parse(JSON.stringify(payload)), context))));
  return { world, invoke, render: renderByCall((request) => invoke(packPayload(request, 'the files'))) };
}

function files(texts: Readonly<Record<string, string>>): RenderInput['files'] {
  return new Map(Object.entries(texts).map(([path, text]) => [path, new TextEncoder().encode(text)]));
}

function chart(template: string): RenderInput {
  return {
    subject: 'web in prod',
    inputDigest: 'd1',
    settings: { kind: 'helm', releaseName: 'web', namespace: 'web', valuesFiles: [], values: {}, includeCRDs: true },
    renderer: 'helm v4.2.3',
    path: 'chart',
    files: files({
      'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'chart/templates/flags.yaml': template,
    }),
    links: new Map(),
    facts: {},
  };
}

const KUSTOMIZATION: RenderInput = {
  ...chart(''),
  inputDigest: 'd2',
  settings: { kind: 'kustomize' },
  renderer: 'kubectl v1.36.3',
  path: 'web',
  files: files({
    'web/kustomization.yaml': 'resources: [flags.yaml]\nnamePrefix: prod-\n',
    'web/flags.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flags}\ndata: {big: "9007199254740993"}\n',
  }),
};

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}-flags"}\n';

async function problemOf(rendering: Promise<unknown>) {
  const error = await rendering.then(
    () => assert.fail('nothing was wrong'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof PlumblineError, String(error));
  return error.problems[0];
}

test('renders charts and kustomizations with the binaries of the layer', onLayerMachines, async (t) => {
  const { render } = await renderer(t);

  const [helm, kustomize] = await Promise.all([render(chart(CONFIG_MAP)), render(KUSTOMIZATION)]);

  assert.deepEqual([helm.inputDigest, helm.objects.map(({ object }) => object.metadata.name)], ['d1', ['web-flags']]);
  assert.deepEqual(
    [kustomize.inputDigest, kustomize.objects.map(({ object }) => object.metadata.name)],
    ['d2', ['prod-flags']],
  );
});

test('answers with what is wrong with the files', onLayerMachines, async (t) => {
  const { render } = await renderer(t);

  const { code, subject, wrong } = await problemOf(render(chart('{{ fail "no such flag" }}')));

  assert.deepEqual([code, subject], ['RenderFailed', 'chart/templates/flags.yaml:1:3']);
  assert.match(wrong, /no such flag/);
});

test('ends a chart that runs away before Lambda ends the function', onLayerMachines, async (t) => {
  const { render } = await renderer(t, { remainingMs: 11_000 });
  const endless = '{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}';

  const { code, wrong, subject } = await problemOf(render(chart(endless)));

  assert.deepEqual([code, subject, wrong], ['RenderFailed', 'web in prod', 'took longer than 1 s']);
});

test(
  'renders nothing that was planned for another version, and says that it will be tried again',
  onLayerMachines,
  async (t) => {
    const { render } = await renderer(t);

    const { code, wrong } = await problemOf(render({ ...chart(CONFIG_MAP), renderer: 'helm v3.1.2' }));

    assert.equal(code, 'StateUnavailable');
    assert.equal(wrong, 'it was planned for helm v3.1.2, and helm v4.2.3 is here');
  },
);

test('answers a call that it cannot read, and one without a layer', async () => {
  const world = recordedWorld({ PLUMBLINE_FLEET: 'acme' });
  const handler = renderFunction(() => openLayerTools('/nowhere'), world);
  const render = renderByCall(async () => unpackPayload(await handler({ nonsense: 1 }, lambdaContext())));
  const bare = renderByCall(async (request) =>
    unpackPayload(await handler(packPayload(request, 'the files'), lambdaContext())),
  );

  assert.equal((await problemOf(render(KUSTOMIZATION))).code, 'InvariantBroken');
  assert.match((await problemOf(bare(KUSTOMIZATION))).wrong, /ENOENT/);
  assert.equal((await problemOf(bare(KUSTOMIZATION))).code, 'StateUnavailable');
});

test('says so when the objects are more than a call can carry', async () => {
  // Random text does not shrink below its entropy.
  const objects = Array.from({ length: 15 }, (_, index) => {
    const noise = randomBytes(400_000).toString('hex');
    return `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${index}}\ndata: {noise: "x${noise}"}\n`;
  });
  const kubectl: ExternalTool = {
    version: KUSTOMIZATION.renderer,
    run: async () => ({ exitCode: 0, stdout: objects.join(''), stderr: '' }),
  };
  const world = recordedWorld({ PLUMBLINE_FLEET: 'acme' });
  const handler = renderFunction(async () => ({ helm: kubectl, kubectl }), world);
  const render = renderByCall(async (request) =>
    unpackPayload(await handler(packPayload(request, 'the files'), lambdaContext())),
  );

  const { code, wrong } = await problemOf(render(KUSTOMIZATION));

  assert.equal(code, 'RenderFailed');
  assert.match(wrong, /the objects are .* compressed .*, more than the 6\.0 MB/);
});
