/** The fleet repositories that we hand to people are sound: their declarations, and what the real tools make of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTools } from '../shared/adapters/tools/find-tools.ts';
import type { ToolCall } from '../shared/model/external-tool.ts';
import { readExample } from './project/example-files.ts';
import { readWhole } from './unit/render/declarations/read-whole.ts';

/** The only reference that the examples make in a path. */
const STAGE = '$' + '{cluster.labels.stage}';

for (const name of ['fleet', 'starter']) {
  test(`examples/${name} declares a fleet without a mistake, and each application has its folder`, () => {
    const files = readExample(name);
    const read = [...files].filter(([path]) => path.startsWith('plumbline/'));

    const { declarations, problems } = readWhole(
      read.map(([path, content]) => ({ path, text: new TextDecoder().decode(content) })),
    );

    assert.deepEqual(problems, []);
    assert.ok(declarations.applications.length > 0);
    for (const { metadata } of declarations.clusters.map(({ declaration }) => declaration)) {
      for (const { declaration } of declarations.applications) {
        const folder = (declaration.spec.source?.path ?? '').replace(STAGE, metadata.labels.stage ?? '');
        assert.ok(
          [...files.keys()].some((path) => path.startsWith(`${folder}/`)),
          `${folder} is missing`,
        );
      }
    }
  });
}

for (const stage of ['staging', 'production']) {
  test(`kubectl and helm render the example fleet for ${stage}`, async () => {
    const { helm, kubectl } = await findTools();
    const call = {
      subject: 'examples/fleet',
      act: 'render',
      files: readExample('fleet'),
      links: new Map(),
      timeoutMs: 30_000,
    } satisfies Omit<ToolCall, 'arguments'>;

    const shop = await kubectl.run({ ...call, arguments: ['kustomize', `apps/shop/overlays/${stage}`] });
    const values = ['--values', `apps/notifier/values/${stage}.yaml`, '--set', `cluster=${stage}`];
    const notifier = await helm.run({ ...call, arguments: ['template', 'notifier', 'apps/notifier', ...values] });

    for (const { exitCode, stdout, stderr } of [shop, notifier]) {
      assert.equal(exitCode, 0, stderr);
      assert.match(stdout, /^kind: Deployment$/m);
    }
  });
}
