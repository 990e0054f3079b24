/** Charts of the public, with each of their switches turned, give the objects that `helm template` gives. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { findTools } from '../../../../shared/adapters/tools/find-tools.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../../shared/model/json.ts';
import { stringifyJson } from '../../../../shared/model/json-text.ts';
import type { KubeObject } from '../../../../shared/model/kube-object.ts';
import { readObjects } from '../../../../shared/render/read-objects.ts';
import { readYaml } from '../../../../shared/render/yaml.ts';
import { folderSource } from '../folder-source.ts';
import { renderIn } from '../render-in.ts';

const CORPORA = join(import.meta.dirname, '../../../../../shared/corpora');
const notHere = { skip: existsSync(CORPORA) ? false : 'the corpora are not here' };
const { helm } = await findTools();

interface Chart {
  readonly root: string;
  /** From the root. */
  readonly path: string;
}

function chartsIn(folder: string): readonly Chart[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((repository) => {
    const root = join(folder, repository);
    const files = readdirSync(root, { recursive: true, withFileTypes: true });
    return files
      .filter(({ name }) => name === 'Chart.yaml')
      .map(({ parentPath }) => ({ root, path: relative(root, parentPath) }));
  });
}

/** Returns values that turn one switch each, and those that turn all of them. */
function valuesOf({ root, path }: Chart): readonly JsonObject[] {
  const [first] = readYaml(readFileSync(join(root, path, 'values.yaml'), 'utf8'), { subject: path });
  if (!isJsonObject(first?.document)) return [{}];
  const switches = switchesIn(first.document, []);
  return [{}, ...switches, switches.reduce<JsonObject>((all, one) => merged(all, one), {})];
}

function switchesIn(value: Json, path: readonly string[]): readonly JsonObject[] {
  if (typeof value === 'boolean') return [nested(path, !value)];
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, field]) => switchesIn(field, [...path, key]));
}

function nested([key, ...rest]: readonly string[], value: Json): JsonObject {
  return { [key ?? '']: rest.length === 0 ? value : nested(rest, value) };
}

function merged(a: JsonObject, b: JsonObject): JsonObject {
  const entries = Object.entries(b).map(([key, value]) => {
    const other = a[key];
    return [key, isJsonObject(other) && isJsonObject(value) ? merged(other, value) : value] as const;
  });
  return { ...a, ...Object.fromEntries(entries) };
}

/** Of `helm test` and of rollbacks, which nobody runs here. */
function isLeftOut({ metadata }: KubeObject): boolean {
  const hooks = metadata.annotations?.['helm.sh/hook']?.split(',') ?? [];
  return hooks.length > 0 && hooks.every((hook) => /test|rollback/.test(hook));
}

async function printedByHelm({ root, path }: Chart, values: JsonObject, valuesFiles: readonly string[]) {
  const files = new Map(
    readdirSync(join(root, path), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(root, file), readFileSync(file)] as const),
  );
  const { exitCode, stdout, stderr } = await helm.run({
    subject: path,
    act: 'helm',
    files: new Map([...files, ['inline.yaml', Buffer.from(stringifyJson(values))]]),
    links: new Map(),
    timeoutMs: 120_000,
    arguments: [
      ...['template', 'web', path, '--namespace', 'default', '--include-crds'],
      ...valuesFiles.flatMap((file) => ['--values', join(path, file)]),
      ...['--values', 'inline.yaml'],
    ],
  });
  return exitCode === 0 ? { stdout } : { stderr };
}

const charts = [...chartsIn(join(CORPORA, 'charts')), ...chartsIn(join(CORPORA, 'gitops'))];

test('finds charts to render', notHere, () => {
  assert.deepEqual(
    charts.map(({ path }) => path),
    ['charts/hello-world', 'charts/podinfo'],
  );
});

for (const chart of charts) {
  test(`renders ${chart.path} as helm does, whatever its values`, notHere, async (t) => {
    const source = folderSource(chart.root);
    const files = readdirSync(join(chart.root, chart.path)).filter((name) => /^values-.*\.yaml$/.test(name));
    const cases = [
      ...valuesOf(chart).map((values) => ({ values, valuesFiles: [] as readonly string[] })),
      ...files.map((file) => ({ values: {}, valuesFiles: [file] })),
    ];
    const counts = { renderings: 0, objects: 0, refusedByBoth: 0 };
    for (const { values, valuesFiles } of cases) {
      const what = stringifyJson({ values, valuesFiles });
      const theirs = await printedByHelm(chart, values, valuesFiles);
      const render = { helm: { valuesFiles: [...valuesFiles], values, includeCRDs: true } };
      const ours = await renderIn(source, { path: chart.path, render }).catch((error: unknown) => ({ error }));
      if ('error' in ours) {
        assert.ok(theirs.stderr !== undefined, `${what}: ${ours.error}`);
        counts.refusedByBoth++;
        continue;
      }
      assert.equal(theirs.stderr, undefined, what);
      const objects = readObjects(theirs.stdout ?? '', { path: chart.path }).map(({ object }) => object);
      assert.deepEqual(
        ours.objects.map(({ object }) => object),
        objects.filter((object) => !isLeftOut(object)),
        what,
      );
      for (const { source: from } of ours.objects) assert.ok(existsSync(join(chart.root, from.path)), from.path);
      counts.renderings++;
      counts.objects += ours.objects.length;
    }
    assert.ok(counts.renderings > cases.length / 2);
    t.diagnostic(
      `${counts.renderings} renderings of ${counts.objects} objects the same, ${counts.refusedByBoth} refused by both`,
    );
  });
}
