/** A plugin that kubectl runs when it is let, and that leaves a file behind: no rendering does. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { createKustomizeRenderer } from '../../../shared/adapters/kustomize/kustomize-renderer.ts';
import { findTools } from '../../../shared/adapters/tools/find-tools.ts';
import type { Texts } from './closure-of.ts';
import { textSource } from './folder-source.ts';
import { complaintsOf } from './render-in.ts';

const run = promisify(execFile);
const tools = await findTools();
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const SETTINGS = 'apiVersion: example.com/v1\nkind: Runs\nmetadata: {name: x}\n';
const TEXTS: Texts = {
  'app/kustomization.yaml': 'resources: [a.yaml]\ngenerators: [../made]\n',
  'app/a.yaml': CONFIG_MAP,
  'made/kustomization.yaml': 'resources: [plugin.yaml]\n',
  'made/plugin.yaml': SETTINGS,
};
const own = { ...process.env };
let home: string;
let marker: string;

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'plumbline-plugins-'));
  marker = join(home, 'it-ran');
  const plugin = join(home, 'example.com/v1/runs/Runs');
  await write({
    'example.com/v1/runs/Runs': `#!/bin/sh\ntouch ${marker}\necho '${CONFIG_MAP.replace('name: a', 'name: b')}'\n`,
  });
  await chmod(plugin, 0o755);
  await write(Object.fromEntries(Object.entries(TEXTS).map(([path, text]) => [`repository/${path}`, text])));
  process.env.KUSTOMIZE_PLUGIN_HOME = home;
});
after(async () => {
  process.env = own;
  await rm(home, { recursive: true, force: true });
});

async function write(texts: Texts): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
}

test('a plugin runs where kubectl is let, and never in a rendering', async () => {
  const { stdout } = await run(tools.kubectlPath, [
    'kustomize',
    '--enable-alpha-plugins',
    join(home, 'repository/app'),
  ]);
  assert.match(stdout, /name: b/);
  assert.ok(existsSync(marker));
  await rm(marker);

  const complaints = await complaintsOf(textSource(TEXTS), { path: 'app' });
  const files = new Map(Object.entries(TEXTS).map(([path, text]) => [path, Buffer.from(text)]));
  const bare = createKustomizeRenderer(tools.kubectl).run({
    ...{ subject: 'web', files, path: 'app', arguments: [], timeoutMs: 120_000 },
  });

  assert.match(complaints.join('\n'), /external plugins disabled/);
  await assert.rejects(bare, /external plugins disabled/);
  assert.ok(!existsSync(marker));
});
