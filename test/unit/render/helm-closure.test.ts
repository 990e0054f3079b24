import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closureIn, complaintsIn, filesOf } from './closure-of.ts';

const CHART = {
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'charts/web/values.yaml': 'a: 1\n',
  'charts/web/templates/a.yaml': 'a: {{ .Values.a }}\n',
  'values/prod.yaml': 'a: 2\n',
};
const helm = (valuesFiles: readonly string[]) => ({
  helm: { valuesFiles: [...valuesFiles], values: {}, includeCRDs: true },
});
const withDependency = (dependency: string) => ({
  ...CHART,
  'charts/web/Chart.yaml': `${CHART['charts/web/Chart.yaml']}dependencies:\n- ${dependency}\n`,
});

test('takes the folder of the chart and the values files beside it', async () => {
  assert.deepEqual(
    filesOf(await closureIn(CHART, 'charts/web', helm(['../../values/prod.yaml']))),
    Object.keys(CHART).sort(),
  );
});

test('keeps the symlinks of a chart and brings what they lead to', async () => {
  const texts = { ...CHART, 'charts/web/files': '-> ../../shared', 'shared/x.txt': 'x' };

  const { files, links } = await closureIn(texts, 'charts/web');

  assert.deepEqual([files.has('shared/x.txt'), [...links]], [true, [['charts/web/files', '../../shared']]]);
});

test('lays file:// dependencies into charts/, their own ones too', async () => {
  const texts = {
    ...withDependency('{name: common, version: 1.x, repository: "file://../common"}'),
    'charts/common/Chart.yaml':
      'name: common\nversion: 1.0.0\ndependencies: [{name: deep, repository: "file://../deep"}]',
    'charts/deep/Chart.yaml': 'name: deep\nversion: 1.0.0',
  };

  const { files } = await closureIn(texts, 'charts/web');

  assert.equal(files.get('charts/web/charts/common/Chart.yaml')?.from, 'charts/common/Chart.yaml');
  assert.equal(files.get('charts/web/charts/common/charts/deep/Chart.yaml')?.from, 'charts/deep/Chart.yaml');
});

test('takes dependencies that are vendored as a folder or packed', async () => {
  const texts = withDependency('{name: redis, version: 1.x, repository: "https://charts.example.com"}');

  for (const vendored of ['charts/web/charts/redis/Chart.yaml', 'charts/web/charts/redis-1.2.3.tgz']) {
    assert.ok((await closureIn({ ...texts, [vendored]: 'name: redis' }, 'charts/web')).files.has(vendored));
  }
  assert.equal((await complaintsIn({ ...texts, 'charts/web/charts/redis-ha-1.2.3.tgz': '' }, 'charts/web')).length, 1);
});

const REFUSED: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[], string])[] = [
  [
    'a dependency of a chart repository that is not vendored',
    withDependency('{name: redis, version: 17.3.2, repository: "https://charts.example.com"}'),
    [],
    'charts/web/Chart.yaml: fetch the dependency redis 17.3.2: https://charts.example.com: nothing is fetched here; commit what it holds into the repository',
  ],
  [
    'a missing values file',
    CHART,
    ['values-prod.yaml'],
    'charts/web: render: there is no "values-prod.yaml"; correct the path, or add the file to the repository',
  ],
  [
    'a remote values file',
    CHART,
    ['https://example.com/v.yaml'],
    'charts/web: render: the values file "https://example.com/v.yaml" is an address, which is not fetched; copy it into the repository, or declare its repository as another source and write "$name/path"',
  ],
  [
    'a values file out of the repository',
    CHART,
    ['../../../v.yaml'],
    'charts/web: render: "../../../v.yaml" leaves the repository; copy what it names into the repository',
  ],
  [
    'a folder as values file',
    CHART,
    ['templates'],
    'charts/web: render: the values file "templates" is a folder; name a file, or "folder/*.yaml" for all of the folder',
  ],
  [
    'a folder without a chart',
    { 'charts/web/values.yaml': '' },
    [],
    'charts/web: render: there is no Chart.yaml in the folder; let spec.source.path name the folder of a chart, or choose another renderer',
  ],
  [
    'a symlink out of the repository',
    { ...CHART, 'charts/web/x': '-> ../../../etc/passwd' },
    [],
    'charts/web/x: render: "charts/web/x" leaves the repository by the symlink "charts/web/x" to "../../../etc/passwd"; copy what it names into the repository',
  ],
];
for (const [what, texts, valuesFiles, message] of REFUSED) {
  test(`refuses ${what}`, async () => {
    assert.deepEqual(await complaintsIn(texts, 'charts/web', helm(valuesFiles)), [message]);
  });
}

const FACTS: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ['none for a plain chart', {}, 'none'],
  [
    'the version for .Capabilities.KubeVersion',
    { 'charts/web/templates/b.yaml': '{{ .Capabilities.KubeVersion.Minor }}' },
    'version',
  ],
  [
    'the version for kubeVersion in Chart.yaml',
    { 'charts/web/Chart.yaml': 'name: web\nkubeVersion: ">=1.30"\n' },
    'version',
  ],
  [
    'all for .Capabilities.APIVersions',
    { 'charts/web/templates/_h.tpl': '{{ .Capabilities.APIVersions.Has "a/v1" }}' },
    'all',
  ],
  ['all for .Capabilities passed on whole', { 'charts/web/templates/_h.tpl': '{{ toYaml .Capabilities }}' }, 'all'],
  ['all for a packed dependency, which is not looked into', { 'charts/web/charts/x-1.0.0.tgz': '' }, 'all'],
  ['none for a CRD that speaks of Capabilities', { 'charts/web/crds/x.yaml': 'description: Capabilities' }, 'none'],
];
for (const [what, more, facts] of FACTS) {
  test(`finds the facts of the cluster that a chart looks at: ${what}`, async () => {
    assert.equal((await closureIn({ ...CHART, ...more }, 'charts/web')).facts, facts);
  });
}
