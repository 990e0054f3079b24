import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textSource } from './folder-source.ts';
import { complaintsOf, renderIn } from './render-in.ts';

const CHART = { 'charts/web/Chart.yaml': 'apiVersion: v2\nname: podinfo\nversion: 1.0.0\n' };
const configMap = (name: string, data: string, annotations = '{}') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, annotations: ${annotations}}\ndata: {v: '${data}'}\n`;
const helm = (settings: object) => ({ helm: { valuesFiles: [], values: {}, includeCRDs: true, ...settings } });
const chartWith = (templates: Readonly<Record<string, string>>) =>
  textSource({
    ...CHART,
    ...Object.fromEntries(Object.entries(templates).map(([name, text]) => [`charts/web/${name}`, text])),
  });

test('gives release, namespace, values files in their order and inline values last', async () => {
  const source = chartWith({
    'templates/a.yaml': configMap('a', '{{ .Release.Name }} {{ .Release.Namespace }} {{ toJson .Values }}'),
    'values.yaml': '{a: chart, b: chart, c: chart, d: chart}',
    'b,1.yaml': '{b: b, c: b, d: b}',
    'c.yaml': '{c: c, d: c}',
  });
  const render = helm({
    valuesFiles: ['b,1.yaml', './c.yaml'],
    values: { d: 'inline', n: 9007199254740992n },
    releaseName: 'rel',
  });

  const { objects } = await renderIn(source, { path: 'charts/web', render, namespace: 'ns' });

  assert.deepEqual(objects[0]?.object.data, {
    v: 'rel ns {"a":"chart","b":"b","c":"c","d":"inline","n":9007199254740992}',
  });
});

test('names the release after the application and renders for the namespace default when nothing is said', async () => {
  const source = chartWith({ 'templates/a.yaml': configMap('a', '{{ .Release.Name }} {{ .Release.Namespace }}') });

  const { objects } = await renderIn(source, { path: 'charts/web' });

  assert.deepEqual(objects[0]?.object.data, { v: 'web default' });
});

test('names the template of each object, of a dependency and of a CRD file with several documents too', async () => {
  const crd = (name: string) =>
    `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: ${name}}\n`;
  const source = chartWith({
    'templates/a.yaml': `${configMap('a', '')}---\n${configMap('b', '')}`,
    'crds/crds.yaml': `${crd('x')}---\n${crd('z')}`,
    'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
    'charts/sub/templates/c.yaml': configMap('c', ''),
    'templates/NOTES.txt': 'not rendered',
  });

  const { objects } = await renderIn(source, { path: 'charts/web' });

  const found = Object.fromEntries(objects.map(({ object, source: { path } }) => [object.metadata.name, path]));
  assert.deepEqual(found, {
    a: 'charts/web/templates/a.yaml',
    b: 'charts/web/templates/a.yaml',
    c: 'charts/web/charts/sub/templates/c.yaml',
    x: 'charts/web/crds/crds.yaml',
    z: 'charts/web/crds/crds.yaml',
  });
});

test('leaves CRDs out when told to', async () => {
  const source = chartWith({ 'crds/x.yaml': 'kind: CustomResourceDefinition', 'templates/a.yaml': configMap('a', '') });

  const { objects } = await renderIn(source, { path: 'charts/web', render: helm({ includeCRDs: false }) });

  assert.equal(objects.length, 1);
});

test('keeps hooks, but for those that helm alone runs', async () => {
  const source = chartWith({
    'templates/a.yaml': configMap('a', ''),
    'templates/hook.yaml': configMap('migrate', '', '{helm.sh/hook: "pre-install,pre-upgrade"}'),
    'templates/test.yaml': configMap('test', '', '{helm.sh/hook: test}'),
  });

  const { objects, warnings } = await renderIn(source, { path: 'charts/web' });

  assert.deepEqual(
    objects.map(({ object }) => object.metadata.name),
    ['a', 'migrate'],
  );
  assert.deepEqual(warnings, []);
});

test('tells a chart the version and the API versions of the cluster when it asks', async () => {
  const source = chartWith({
    'templates/a.yaml': configMap(
      'a',
      '{{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.APIVersions.Has "x.example.com/v1/X" }}',
    ),
  });
  const facts = {
    uid: 'u',
    kubernetesVersion: 'v1.31.7-eks-1',
    apiVersions: ['v1', 'x.example.com/v1', 'x.example.com/v1/X'],
    readAtMs: 0,
  };

  const { objects } = await renderIn(source, { path: 'charts/web', facts });

  assert.deepEqual(objects[0]?.object.data, { v: 'v1.31.7-eks-1 true' });
});

test('has a digest that changes with the facts that the chart asks for, and with no others', async () => {
  const facts = (kubernetesVersion: string, apiVersions: readonly string[]) => ({
    uid: 'u',
    kubernetesVersion,
    apiVersions,
    readAtMs: 0,
  });
  const digests = async (template: string) => {
    const source = chartWith({ 'templates/a.yaml': configMap('a', template) });
    const of = async (cluster: ReturnType<typeof facts>) =>
      (await renderIn(source, { path: 'charts/web', facts: cluster })).inputDigest;
    return Promise.all([
      of(facts('v1.30.0', ['v1'])),
      of(facts('v1.31.0', ['v1'])),
      of(facts('v1.30.0', ['v1', 'a/v1'])),
    ]);
  };

  const [plain, otherVersion, otherApis] = await digests('x');
  const [versioned, versionedOther, versionedApis] = await digests('{{ .Capabilities.KubeVersion.Minor }}');

  assert.deepEqual([otherVersion, otherApis], [plain, plain]);
  assert.notEqual(versionedOther, versioned);
  assert.equal(versionedApis, versioned);
});

const FAILING: readonly (readonly [string, Readonly<Record<string, string>>, object, RegExp])[] = [
  [
    'a value that is missing',
    { 'templates/a.yaml': 'a: 1\nb: {{ .Values.a.b }}\n' },
    {},
    /^charts\/web\/templates\/a\.yaml:2:13: helm template: <\.Values\.a\.b>: nil pointer evaluating interface \{\}\.b; set the value, or give it a default in values\.yaml$/,
  ],
  [
    'a template called by another',
    {
      'templates/_h.tpl': '{{ define "x" }}{{ .Values.a.b.c }}{{ end }}',
      'templates/a.yaml': 'a: {{ include "x" . }}',
    },
    {},
    /^charts\/web\/templates\/_h\.tpl:1:\d+: helm template: <\.Values\.a\.b\.c>: nil pointer/,
  ],
  [
    'fail',
    { 'templates/a.yaml': '{{ fail "x is needed" }}' },
    {},
    /^charts\/web\/templates\/a\.yaml:1:3: helm template: x is needed; correct/,
  ],
  [
    'required',
    { 'templates/a.yaml': '\n{{ required "set x" .Values.x }}' },
    {},
    /^charts\/web\/templates\/a\.yaml:2:3: helm template: set x; correct/,
  ],
  [
    'a template that does not parse',
    { 'templates/a.yaml': '{{ if }}' },
    {},
    /^charts\/web\/templates\/a\.yaml:1: helm template: missing value for if; /,
  ],
  [
    'a template that does not exist',
    { 'templates/a.yaml': '{{ include "nope" . }}' },
    {},
    /^charts\/web\/templates\/a\.yaml:1:3: helm template: <include "nope" \.>: .*no template "nope"/,
  ],
  [
    'rendered text that is no YAML',
    { 'templates/a.yaml': 'kind: A\n a: b: [\n' },
    {},
    /^charts\/web\/templates\/a\.yaml: helm template: what the template renders is no YAML: yaml: line 2: /,
  ],
  [
    'rendered text that only Helm can read',
    { 'templates/a.yaml': `${configMap('a', '')}...\nb: 1\n` },
    {},
    /^charts\/web\/templates\/a\.yaml: render: what the template renders is no YAML that kubectl reads: kubectl drops what follows.*\(line \d+ of what it renders\)$/,
  ],
  [
    'an object without a name',
    { 'templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\n' },
    {},
    /^charts\/web\/templates\/a\.yaml: read the object: ConfigMap has no metadata; give it metadata\.name$/,
  ],
  [
    'values that the schema refuses',
    { 'templates/a.yaml': 'a: b', 'values.schema.json': '{"properties": {"replicas": {"type": "integer"}}}' },
    { values: { replicas: '2' } },
    /^web: helm template: replicas: got string, want integer; correct the values$/,
  ],
  [
    'a values file that does not parse',
    { 'v.yaml': 'a:\n  - [\n' },
    { valuesFiles: ['v.yaml'] },
    /^charts\/web\/v\.yaml:\d+:\d+: read YAML: /,
  ],
  [
    'a release name that Helm refuses',
    { 'templates/a.yaml': 'a: b' },
    { releaseName: 'Bad_Name' },
    /^web: helm template: release name check failed: .*; set render\.helm\.releaseName$/,
  ],
  [
    'a chart for other clusters',
    { 'Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\nkubeVersion: ">=2"\n' },
    {},
    /^web: helm template: chart requires kubeVersion: >=2 which is incompatible with Kubernetes v1\.36\.0; choose a version/,
  ],
  [
    'a Chart.yaml without a version',
    { 'Chart.yaml': 'name: a\n' },
    {},
    /^charts\/web\/Chart\.yaml: helm template: validation: chart\.metadata\.version is required; correct Chart\.yaml$/,
  ],
];
for (const [what, files, settings, message] of FAILING) {
  test(`says in one line what is wrong with ${what}`, async () => {
    const [complaint, ...others] = await complaintsOf(chartWith(files), { path: 'charts/web', render: helm(settings) });

    assert.match(complaint ?? '', message);
    assert.deepEqual(others, []);
  });
}

test('names the values file and line of every value that a schema refuses, of a dependency too', async () => {
  const source = chartWith({
    'templates/a.yaml': configMap('a', ''),
    'values.schema.json': '{"properties": {"replicas": {"type": "integer"}, "list": {"items": {"type": "string"}}}}',
    'values.yaml': 'replicas: one\nlist: [a]\n',
    'prod.yaml': '# prod\nreplicas: "2"\nlist:\n- a\n- 7\n',
  });
  const inDependency = chartWith({
    'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
    'charts/sub/values.schema.json': '{"properties": {"replicas": {"type": "integer"}}}',
    'prod.yaml': 'replicas: x\nsub:\n  replicas: "2"\n',
  });
  const application = { path: 'charts/web', render: helm({ valuesFiles: ['prod.yaml'] }) };

  const complaints = await complaintsOf(source, application);

  assert.deepEqual([...complaints].sort(), [
    'charts/web/prod.yaml:2:11: helm template: replicas: got string, want integer; correct the values',
    'charts/web/prod.yaml:5:3: helm template: list.1: got number, want string; correct the values',
  ]);
  assert.deepEqual(await complaintsOf(inDependency, application), [
    'charts/web/prod.yaml:3:13: helm template: replicas: got string, want integer; correct the values',
  ]);
});
