/**
 * What a closure promises, for trees that nobody thought of: it is what a rendering reads, no more and no less. Cheap
 * properties look at digests; that a digest says it all is shown by real programs on many trees at once.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PlumblineError } from '../../../shared/errors.ts';
import type { RenderSettings } from '../../../shared/model/render-settings/render-settings.ts';
import type { Closure } from '../../../shared/render/closure-builder.ts';
import { closureIn, filesOf, type Texts } from './closure-of.ts';
import { textSource } from './folder-source.ts';
import { type GeneratedRepository, kustomizations } from './generated-kustomizations.ts';
import { templateByHelm } from './helm-oracle.ts';
import { buildByKubectl } from './kustomize-oracle.ts';
import { renderIn } from './render-in.ts';

/** What stands in Git for a closure, and nothing else. */
function onlyClosure(texts: Texts, { files, links }: Closure): Texts {
  const kept = new Set([...files.keys(), ...[...files.values()].map(({ from }) => from), ...links.keys()]);
  return Object.fromEntries(Object.entries(texts).filter(([path]) => kept.has(path)));
}

async function digestOrRefusal(texts: Texts, path: string, render: RenderSettings | undefined): Promise<string> {
  try {
    return (await closureIn(texts, path, render)).digest;
  } catch (error) {
    if (error instanceof PlumblineError) return 'refused';
    throw error;
  }
}

interface Tree {
  readonly texts: Texts;
  readonly path: string;
  readonly render?: RenderSettings;
}

/** Asserts what holds of every closure; `pick` chooses the files that are tried. */
async function assertExact({ texts, path, render }: Tree, pick: number): Promise<void> {
  const closure = await closureIn(texts, path, render);
  const { digest } = closure;
  const inside = new Set(Object.keys(onlyClosure(texts, closure)));
  const outside = Object.keys(texts).filter((file) => !inside.has(file));
  const chosen = <T>(files: readonly T[]): readonly T[] =>
    files.length === 0 ? [] : [files[pick % files.length] as T];

  if (closure.files.size > 0) {
    assert.equal((await closureIn(onlyClosure(texts, closure), path, render)).digest, digest, 'all others removed');
  }
  for (const file of chosen(outside)) {
    const { [file]: removed = '', ...others } = texts;
    // Without any file there is no folder.
    const isLast = !Object.keys(others).some((other) => other.startsWith(`${path}/`));
    if (!isLast) assert.equal(await digestOrRefusal(others, path, render), digest, `${file} removed`);
    assert.equal(
      await digestOrRefusal({ ...texts, [file]: `${removed} changed` }, path, render),
      digest,
      `${file} changed`,
    );
  }
  for (const file of chosen([...closure.files.keys()].filter((one) => one in texts))) {
    const { [file]: removed = '', ...others } = texts;
    assert.notEqual(await digestOrRefusal(others, path, render), digest, `${file} removed`);
    assert.notEqual(
      await digestOrRefusal({ ...texts, [file]: `${removed}\n# changed` }, path, render),
      digest,
      `${file} changed`,
    );
  }
}

test('the closure of a kustomization is what a build of it reads', async () => {
  const property = fc.asyncProperty(kustomizations(), fc.nat(), async ({ texts, path, read }, pick) => {
    assert.deepEqual(filesOf(await closureIn(texts, path)), read);
    await assertExact({ texts, path }, pick);
    const added = {
      ...texts,
      [`${path}/nobody-names-this.yaml`]: 'x',
      'elsewhere/kustomization.yaml': 'resources: []',
    };
    assert.equal((await closureIn(added, path)).digest, (await closureIn(texts, path)).digest, 'a file added');
  });
  await fc.assert(property, { numRuns: 150 });
});

test('a reference that is added to a kustomization is in its closure', async () => {
  const WAYS = [
    'crds: [new.yaml]',
    'configurations: [new.yaml]',
    'openapi: {path: new.yaml}',
    'patchesJson6902: [{path: new.yaml, target: {version: v1, kind: A, name: a}}]',
    'secretGenerator: [{name: s, env: new.yaml}]',
    'validators: [new.yaml]',
    'bases: [new.yaml]',
  ];
  const property = fc.asyncProperty(kustomizations(), fc.constantFrom(...WAYS), async ({ texts, path, top }, way) => {
    const field = way.slice(0, way.indexOf(':') + 1);
    fc.pre(!texts[top]?.includes(field));
    const more = { ...texts, [`${path}/new.yaml`]: '', [top]: `${texts[top]}${way}\n` };

    assert.ok(filesOf(await closureIn(more, path)).includes(`${path}/new.yaml`));
  });
  await fc.assert(property, { numRuns: 60 });
});

/** All of them are built in one go; the noise between them would break a build that reads it. */
test('kubectl makes the same of the closures of many kustomizations as of the whole repository', async () => {
  const repositories: readonly GeneratedRepository[] = Array.from({ length: 25 }, (_, at) => {
    const [one] = fc.sample(kustomizations(`r${at}/`), { numRuns: 1, seed: 1_000 + at });
    assert.ok(one !== undefined);
    return one;
  });
  const texts: Texts = Object.assign({}, ...repositories.map((repository) => repository.texts), {
    'all/kustomization.yaml': `resources:\n${repositories.map(({ path }) => `- ../${path}\n`).join('')}`,
  });

  const whole = await buildByKubectl(texts, 'all');
  const { objects } = await renderIn(textSource(texts), { path: 'all' });

  assert.deepEqual({ objects: objects.map(({ object }) => object) }, whole);
  assert.ok(objects.length > 100);
});

/** Paths of two segments below a folder, so that names meet. */
const fileName = fc.constantFrom('a.yaml', 'b.yml', 'c.json', 'd.txt', 'e.yaml.bak', '_f.tpl');
const filePath = fc
  .tuple(fc.constantFrom('', 'x/', 'x/y/', 'templates/', 'charts/'), fileName)
  .map(([folder, name]) => `${folder}${name}`);
const somePaths = fc.uniqueArray(filePath, { minLength: 1, maxLength: 12 });

test('the closure of plain files is those that the settings choose', async () => {
  const settings = fc.record({
    recurse: fc.boolean(),
    include: fc.constantFrom<string[][]>([], ['*.yaml'], ['x/**'], ['a.*', 'c.json']),
    exclude: fc.constantFrom<string[][]>([], ['b.yml'], ['x/y/**']),
  });
  const property = fc.asyncProperty(
    somePaths,
    somePaths,
    settings,
    fc.nat(),
    async (inside, beside, directory, pick) => {
      const texts = Object.fromEntries([
        ...inside.map((path) => [`app/${path}`, `kind: ${path}`]),
        ...beside.map((path) => [`beside/${path}`, 'x']),
      ]);
      const tree = { texts, path: 'app', render: { directory } };
      const files = filesOf(await closureIn(texts, 'app', tree.render));

      assert.ok(files.every((path) => /^app\/.*\.(?:ya?ml|json)$/.test(path)));
      if (directory.recurse && directory.include.length === 0 && directory.exclude.length === 0) {
        assert.deepEqual(
          files,
          inside
            .map((path) => `app/${path}`)
            .filter((path) => /\.(?:ya?ml|json)$/.test(path))
            .sort(),
        );
      }
      await assertExact(tree, pick);
    },
  );
  await fc.assert(property, { numRuns: 150 });
});

const CHART = (name: string, dependencies = '') => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${dependencies}`;
/** Shows every file that the chart can read. */
const SHOWS_FILES = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Chart.Name }}}
{{- $files := dict "values" (toJson .Values) }}
{{- range $path, $content := .Files }}{{ $_ := set $files ($path | replace "/" "__") (toString $content) }}{{ end }}
data: {{ toJson $files }}
`;

/** Where files of a chart may stand that Helm takes as they are. */
const chartFiles = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom('', 'files/', 'files/deep/'), fc.constantFrom('a.txt', 'b.json', '_c.tpl', '.hidden'))
    .map(([folder, name]) => `${folder}${name}`),
  { maxLength: 8 },
);

interface ChartTree extends Tree {
  readonly read: readonly string[];
}

const chartTrees = (isNamed: fc.Arbitrary<boolean>): fc.Arbitrary<ChartTree> =>
  fc
    .record({
      own: chartFiles,
      dependency: chartFiles,
      beside: chartFiles,
      valuesFiles: fc.subarray(['prod.yaml', '../values/a.yaml', '../values/deep/b.yaml']),
      isNamed,
    })
    .map(({ own, dependency, beside, valuesFiles, isNamed: depends }) => {
      const named = 'dependencies: [{name: dep, version: 1.0.0, repository: "file://../dep"}]\n';
      const app = ['Chart.yaml', 'values.yaml', 'prod.yaml', 'templates/a.yaml', ...own].map((file) => `app/${file}`);
      const dep = ['Chart.yaml', 'templates/a.yaml', ...dependency];
      const texts: Texts = {
        ...Object.fromEntries(
          [...app, ...dep.map((file) => `dep/${file}`)].map((file) => [file, `text: of ${file}\n`]),
        ),
        ...Object.fromEntries(beside.map((file) => [`beside/${file}`, 'x'])),
        'app/Chart.yaml': CHART('app', depends ? named : ''),
        'app/templates/a.yaml': SHOWS_FILES,
        'dep/Chart.yaml': CHART('dep'),
        'dep/templates/a.yaml': SHOWS_FILES,
        'values/a.yaml': 'a: 1\n',
        'values/deep/b.yaml': 'b: 1\n',
        'values/unnamed.yaml': 'c: 1\n',
      };
      const values = valuesFiles.map((file) => (file.startsWith('../') ? file.slice(3) : `app/${file}`));
      const laid = depends ? dep.map((file) => `app/charts/dep/${file}`) : [];
      const read = [...new Set([...app, ...values, ...laid])].sort();
      return { texts, path: 'app', render: { helm: { valuesFiles, values: {}, includeCRDs: true } }, read };
    });

test('the closure of a chart is its folder, what it depends on and the values files that are named', async () => {
  const property = fc.asyncProperty(chartTrees(fc.boolean()), fc.nat(), async (tree, pick) => {
    assert.deepEqual(filesOf(await closureIn(tree.texts, tree.path, tree.render)), tree.read);
    await assertExact(tree, pick);
  });
  await fc.assert(property, { numRuns: 150 });
});

test('helm makes the same of the closure of a chart as of the whole repository', async () => {
  const trees = fc.sample(chartTrees(fc.constant(false)), { numRuns: 5, seed: 7 });
  for (const { texts, path, render } of trees) {
    const whole = await templateByHelm(texts, path, render?.helm?.valuesFiles ?? []);
    const { objects } = await renderIn(textSource(texts), { path, ...(render && { render }) });
    assert.deepEqual(
      objects.map(({ object }) => object),
      whole,
    );
  }
});
