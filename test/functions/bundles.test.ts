/** What goes into the functions' bundles. Start-up time follows from it, and is measured by bench/functions.ts. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bundleFunctions } from '../../infra/bundle-functions.ts';
import { FUNCTION_NAMES, type FunctionName } from '../../shared/config/names.ts';

const out = mkdtempSync(join(tmpdir(), 'bundles-test-'));
after(() => rmSync(out, { recursive: true, force: true }));
const bundles = bundleFunctions(out);

const MIB = 1024 * 1024;
/** What no function needs: the runtime of CDK, command lines, local storage, tests, whole models of every API. */
const NOWHERE = [
  // Zod whole, with every language: `import * as z from 'zod'` takes what is used of it.
  'zod/v4/locales/de.js',
  'aws-cdk-lib',
  'commander',
  'fast-check',
  'playwright-core',
  'shared/adapters/sqlite/',
  'cli/',
  'test/',
];
const GIT = ['isomorphic-git', 'shared/adapters/git/', 'shared/adapters/git-http/', '@aws-sdk/client-codecommit'];
const RENDERING = ['js-yaml', 'shared/adapters/helm/', 'shared/adapters/kustomize/', 'shared/adapters/tools/'];
const CLUSTERS = ['undici', 'shared/adapters/kube/'];
const SDK = ['@aws-sdk/', '@smithy/core'];

const LIMITS: Readonly<
  Partial<Record<FunctionName, { readonly gzipBytes: number; readonly without: readonly string[] }>>
> = {
  'on-repository-change': { gzipBytes: 0.5 * MIB, without: [...GIT, ...RENDERING, ...CLUSTERS] },
  'on-webhook': { gzipBytes: 0.5 * MIB, without: [...GIT, ...RENDERING, ...CLUSTERS] },
  'on-schedule': { gzipBytes: 0.5 * MIB, without: [...GIT, ...RENDERING, ...CLUSTERS] },
  // A quarter of it is evaluated only where a fleet needs it: signatures of OpenPGP, authorities of one's own.
  'plan-fleet': { gzipBytes: MIB, without: ['isomorphic-git', ...CLUSTERS, '@kubernetes/client-node'] },
  'render-input': { gzipBytes: 0.75 * MIB, without: [...GIT, ...CLUSTERS, 'shared/adapters/tools/'] },
  render: { gzipBytes: 0.5 * MIB, without: [...SDK, ...GIT, ...CLUSTERS] },
  'dashboard-widget': {
    gzipBytes: 0.5 * MIB,
    without: [...GIT, ...RENDERING, ...CLUSTERS, 'shared/render/', 'shared/plan/'],
  },
  'fleet-action': {
    gzipBytes: 0.5 * MIB,
    without: [...GIT, ...RENDERING, ...CLUSTERS, 'shared/render/', 'shared/plan/'],
  },
  'reconcile-cluster': {
    gzipBytes: 2 * MIB,
    without: [...GIT, ...RENDERING, 'shared/render/', '@kubernetes/client-node', '@aws-sdk/client-lambda'],
  },
};

function digests(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      createHash('sha256')
        .update(readFileSync(join(parentPath, name)))
        .digest('hex'),
    )
    .sort();
}

test('has a bundle and a limit for every function that there is', () => {
  assert.deepEqual(
    bundles.map(({ name }) => name),
    FUNCTION_NAMES.filter((name) => bundles.some((bundle) => bundle.name === name)),
  );
  assert.ok(bundles.length >= Object.keys(LIMITS).length);
});

for (const { name, folder, inputs, gzipBytes, bytes } of bundles) {
  test(`${name} is a file with a handler and its late parts, small, and without what it does not need`, async () => {
    const { gzipBytes: limit, without } = LIMITS[name] ?? { gzipBytes: MIB, without: [] };
    const read = name === 'dashboard-widget' ? ['runbook.md'] : [];
    const files = readdirSync(folder);
    const code = files.filter((file) => file.endsWith('.mjs'));
    assert.ok(code.includes('index.mjs'));
    assert.deepEqual(files.sort(), [...code, ...code.map((file) => `${file}.map`), ...read].sort());
    const sizes = code.map((file) => readFileSync(join(folder, file)).length);
    assert.equal(
      bytes,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    assert.ok(gzipBytes > 10_000 && gzipBytes < limit, `${gzipBytes} bytes, limit ${limit}`);
    assert.ok(inputs.length > 50);

    const unwanted = [...NOWHERE, ...without];
    const found = inputs.filter((input) =>
      unwanted.some((part) => input.startsWith(part) || input.includes(`node_modules/${part}`)),
    );
    assert.deepEqual(found, []);

    const loaded: unknown = await import(join(folder, 'index.mjs'));
    assert.ok(typeof loaded === 'object' && loaded !== null && 'handler' in loaded);
    assert.equal(typeof loaded.handler, 'function');
  });
}

test('the planner reads at its start nothing of what only some fleets need', () => {
  const folder = bundles.find(({ name }) => name === 'plan-fleet')?.folder ?? '';
  const isStatic = /(?:^|[;\n}])import(?:[^"'()]*from)?["']\.\/([^"']+)["']/g;
  const read = new Set<string>();
  const readFrom = (file: string): void => {
    if (read.has(file)) return;
    read.add(file);
    for (const [, next = ''] of readFileSync(join(folder, file), 'utf8').matchAll(isStatic)) readFrom(next);
  };
  readFrom('index.mjs');

  const sources = [...read].map((file) => readFileSync(join(folder, `${file}.map`), 'utf8')).join('\n');

  assert.ok(read.size > 1, 'what it shares with its late parts stands in files of its own');
  for (const late of ['openpgp', 'client-ssm', 'client-cloudformation', 'client-ecr', 'client-eks', 'client-sts']) {
    assert.ok(!sources.includes(`node_modules/${late}/`) && !sources.includes(`node_modules/@aws-sdk/${late}/`), late);
  }
  assert.ok(sources.includes('node_modules/@aws-sdk/client-dynamodb/'), 'what it always needs is there');
});

test('makes the same bytes again, wherever they are written to', () => {
  const other = mkdtempSync(join(tmpdir(), 'bundles-test-other-folder-'));
  try {
    bundleFunctions(join(other, 'deep', 'down'));
    assert.deepEqual(digests(other), digests(out));
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
});

test('names our own lines in the source maps, and no path of this machine', () => {
  for (const { folder } of bundles) {
    const maps = readdirSync(folder).filter((file) => file.endsWith('.map'));
    const map = maps.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
    assert.match(map, /"base\/stack\.ts"/);
    assert.ok(!map.includes(tmpdir()) && !map.includes(process.cwd()));
  }
});
