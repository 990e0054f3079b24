import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unpackArchive } from '../../../shared/adapters/archives/unpack-archive.ts';
import { PlumblineError } from '../../../shared/errors.ts';
import { closureOf } from '../../../shared/render/closure.ts';
import { type FileSource, readFileTree } from '../../../shared/render/file-tree.ts';
import { NOTHING_OUTSIDE, type Outside } from '../../../shared/render/outside.ts';
import { rendererSettingsOf } from '../../../shared/render/renderer-settings.ts';
import { tarGzOf } from '../../registry/pack.ts';
import { textSource } from './folder-source.ts';
import { complaintsOf, renderIn } from './render-in.ts';

const outside: Outside = {
  ...NOTHING_OUTSIDE,
  unpack: async ({ subject, read }) => readFileTree(await unpackArchive(await read(), { subject, stripFolder: true })),
};
const configMap = (name: string, data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {v: '${data}'}\n`;

/** A chart with the archives at `charts/` of it. */
function chartWith(archives: Readonly<Record<string, Uint8Array>>): FileSource {
  const source = textSource({
    'web/Chart.yaml':
      'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{name: redis, version: 1.x, repository: "https://charts.example.com", alias: cache}]\n',
    'web/values.yaml': 'cache: {x: set}\n',
    'web/templates/a.yaml': configMap('a', ''),
  });
  const paths = Object.keys(archives).map((name) => `web/charts/${name}`);
  return {
    list: async (prefix) => [
      ...(await source.list(prefix)),
      ...paths.map((path) => ({ path, id: path, type: 'file' as const })),
    ],
    read: async (path) => archives[path.slice('web/charts/'.length)] ?? source.read(path),
  };
}

const redis = (template: string, more: Readonly<Record<string, string>> = {}) =>
  tarGzOf({
    'redis/Chart.yaml': 'apiVersion: v2\nname: redis\nversion: 1.2.3\n',
    'redis/templates/b.yaml': template,
    ...more,
  });

async function factsWith(archive: Uint8Array, from: Outside) {
  return factsOf(chartWith({ 'redis-1.2.3.tgz': archive }), from);
}

async function factsOf(source: FileSource, from: Outside) {
  const tree = await readFileTree(source);
  return (await closureOf(tree, 'web', await rendererSettingsOf(tree, { name: 'web', path: 'web' }), from)).facts;
}

test('renders a packed dependency as helm does, and names the archive and the template in it', async () => {
  const source = chartWith({ 'redis-1.2.3.tgz': redis(configMap('b', '{{ .Chart.Name }} {{ .Values.x }}')) });

  const unpacked = await renderIn(source, { path: 'web', outside });
  const packed = await renderIn(source, { path: 'web' });

  const objectsOf = ({ objects }: typeof packed) => objects.map(({ object }) => object);
  assert.deepEqual(objectsOf(unpacked), objectsOf(packed));
  assert.deepEqual(unpacked.objects.map(({ source: { path } }) => path).sort(), [
    'web/charts/redis-1.2.3.tgz/templates/b.yaml',
    'web/templates/a.yaml',
  ]);
});

test('names archive, template and line of what is wrong in a packed dependency', async () => {
  const failing = chartWith({ 'redis-1.2.3.tgz': redis('\n{{ .Values.a.b }}') });
  const looking = chartWith({ 'redis-1.2.3.tgz': redis('\n{{ lookup "v1" "Secret" "a" "b" }}') });

  const [failed] = await complaintsOf(failing, { path: 'web', outside });
  const [looked] = await complaintsOf(looking, { path: 'web', outside });

  assert.match(
    failed ?? '',
    /^web\/charts\/redis-1\.2\.3\.tgz\/templates\/b\.yaml:2:10: helm template: <\.Values\.a\.b>: nil/,
  );
  assert.match(
    looked ?? '',
    /^web\/charts\/redis-1\.2\.3\.tgz\/templates\/b\.yaml:2:3: render: the template looks up Secret b/,
  );
});

test('sees which facts a packed dependency asks for, and takes all where nobody can unpack', async () => {
  assert.equal(await factsWith(redis('a: b'), outside), 'none');
  assert.equal(await factsWith(redis('a: {{ .Capabilities.KubeVersion }}'), outside), 'version');
  assert.equal(await factsWith(redis('a: b'), NOTHING_OUTSIDE), 'all');
});

test('looks into an archive within an archive', async () => {
  const inner = tarGzOf({
    'deep/Chart.yaml': 'apiVersion: v2\nname: deep\nversion: 1.0.0\n',
    'deep/templates/c.yaml': '{{ fail "deep down" }}',
  });
  const nested: Outside = {
    ...outside,
    unpack: async (packed) => {
      if (packed.subject.includes('deep'))
        return readFileTree(await unpackArchive(inner, { subject: 'deep', stripFolder: true }));
      return outside.unpack(packed);
    },
  };
  const source = chartWith({ 'redis-1.2.3.tgz': redis('', { 'redis/charts/deep-1.0.0.tgz': 'packed' }) });

  assert.deepEqual(await complaintsOf(source, { path: 'web', outside: nested }), [
    'web/charts/redis-1.2.3/charts/deep-1.0.0.tgz/templates/c.yaml:1:3: helm template: deep down; correct the template or its values',
  ]);
});

test('ends where archives hold themselves, or more than a chart may unpack to', async () => {
  const itself: Outside = {
    ...outside,
    unpack: async () => readFileTree(textSource({ 'Chart.yaml': 'name: a', 'charts/a-1.0.0.tgz': 'itself' })),
  };
  const large: Outside = {
    ...outside,
    unpack: async () => readFileTree(textSource({ 'Chart.yaml': 'name: a', 'files/a': 'a'.repeat(60 * 1024 * 1024) })),
  };
  const archives = {
    'a-1.0.0.tgz': new Uint8Array(),
    'b-1.0.0.tgz': new Uint8Array(),
    'c-1.0.0.tgz': new Uint8Array(),
  };

  for (const [archive, from] of [
    [{ 'a-1.0.0.tgz': new Uint8Array() }, itself],
    [archives, large],
  ] as const) {
    await assert.rejects(
      factsOf(chartWith(archive), from),
      /the chart holds more than 100 archives, or 100 MiB, of dep/,
    );
  }
});

test('names an archive that is damaged', async () => {
  const source = chartWith({ 'redis-1.2.3.tgz': redis('').subarray(0, 60) });

  await assert.rejects(renderIn(source, { path: 'web', outside }), (error) => {
    assert.ok(error instanceof PlumblineError);
    assert.match(error.message, /^web\/charts\/redis-1\.2\.3\.tgz: unpack: /);
    return true;
  });
});
