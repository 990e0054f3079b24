import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gathered } from '../../../../shared/model/gathered.ts';
import { keyOfObject } from '../../../../shared/model/gathered.ts';
import type { KubeObject } from '../../../../shared/model/kube-object.ts';
import type { ObjectReference } from '../../../../shared/model/render-settings/values-from.ts';
import { textSource } from '../folder-source.ts';
import { complaintsOf, renderIn } from '../render-in.ts';

const SECRET: ObjectReference = { apiVersion: 'v1', kind: 'Secret', namespace: 'web', name: 'keys' };
const SERVICES: ObjectReference = { apiVersion: 'v1', kind: 'Service', namespace: 'web' };

/** What the cluster has of the objects that are listed; nothing where undefined. */
type Found = readonly (readonly [ObjectReference, readonly KubeObject[]])[];

const gatheredOf = (found: Found): Gathered => ({
  values: {},
  objects: Object.fromEntries(found.map(([reference, objects]) => [keyOfObject(reference), objects])),
});
const applicationOf = (found: Found, values: Readonly<Record<string, unknown>> = {}) => ({
  path: 'chart',
  namespace: 'web',
  gathered: gatheredOf(found),
  render: { helm: { valuesFiles: [], values, includeCRDs: true, lookup: found.map(([reference]) => reference) } },
});
const CHART = { 'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n' };
const chartWith = (templates: Readonly<Record<string, string>>) =>
  textSource({ ...CHART, ...Object.fromEntries(Object.entries(templates).map(([at, text]) => [`chart/${at}`, text])) });
/** A template that prints an expression. */
const printing = (expression: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: seen\ndata:\n  v: |-\n    ${expression}\n`;

async function seen(expression: string, found: Found): Promise<unknown> {
  const { objects } = await renderIn(chartWith({ 'templates/a.yaml': printing(expression) }), applicationOf(found));
  const data = objects.find(({ object }) => object.metadata.name === 'seen')?.object.data;
  return data !== null && typeof data === 'object' && 'v' in data ? data.v : undefined;
}

const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'keys', namespace: 'web', labels: { 'a.b/c': 'x"y\\z\n{{ end }}' } },
  data: { password: 'aHVudGVyMg==' },
};
const service = (name: string, port: number): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'web' },
  spec: { ports: [{ port }, { port: 1_000_000 }], ratio: 1.5, empty: {}, none: [], nothing: null, on: true },
});

const ANSWERED: readonly (readonly [string, string, Found, string])[] = [
  [
    'an object',
    '{{ (lookup "v1" "Secret" .Release.Namespace "keys").data.password }}',
    [[SECRET, [secret]]],
    'aHVudGVyMg==',
  ],
  [
    'an object that is piped on',
    '{{ lookup "v1" "Secret" "web" "keys" | toJson }}',
    [[SECRET, [secret]]],
    JSON.stringify({
      apiVersion: 'v1',
      data: { password: 'aHVudGVyMg==' },
      kind: 'Secret',
      metadata: { labels: { 'a.b/c': 'x"y\\z\n{{ end }}' }, name: 'keys', namespace: 'web' },
    }),
  ],
  [
    'a name that is piped in',
    '{{ "keys" | lookup "v1" "Secret" "web" | dig "data" "password" "" }}',
    [[SECRET, [secret]]],
    'aHVudGVyMg==',
  ],
  ['nothing for what is not there', '{{ lookup "v1" "Secret" "web" "keys" | toJson }}', [[SECRET, []]], '{}'],
  [
    'false for what is not there',
    '{{ if (lookup "v1" "Secret" "web" "keys") }}there{{ else }}not{{ end }}',
    [[SECRET, []]],
    'not',
  ],
  [
    'a list, in a range, with trim markers',
    'x{{- range (lookup "v1" "Service" "web" "").items -}} {{ .metadata.name }}={{ (index .spec.ports 0).port }} {{- end }}',
    [[SERVICES, [service('a', 1), service('b', 2)]]],
    'xa=1b=2',
  ],
  ['an empty list', '{{ len (lookup "v1" "Service" "web" "").items }}', [[SERVICES, []]], '0'],
  [
    'whole numbers that stay whole',
    '{{ with index (lookup "v1" "Service" "web" "").items 0 }}{{ (index .spec.ports 1).port }} {{ kindOf (index .spec.ports 1).port }} {{ .spec.ratio }} {{ .spec.on }} {{ toJson .spec.empty }}{{ toJson .spec.none }}{{ end }}',
    [[SERVICES, [service('a', 1)]]],
    '1000000 int64 1.5 true {}[]',
  ],
  [
    'a lookup within the operands of another',
    '{{ (lookup "v1" "Service" "web" (index (lookup "v1" "Service" "web" "").items 0).metadata.name).metadata.name }}',
    [
      [SERVICES, [service('a', 1)]],
      [{ ...SERVICES, name: 'a' }, [service('a', 1)]],
    ],
    'a',
  ],
  [
    'a variable',
    '{{ $found := lookup "v1" "Secret" "web" "keys" }}{{ $found.metadata.name }}',
    [[SECRET, [secret]]],
    'keys',
  ],
];
for (const [what, expression, found, expected] of ANSWERED) {
  test(`answers lookup with ${what}`, async () => {
    assert.equal(await seen(expression, found), expected);
  });
}

test('answers lookup in named templates, in dependencies and in templates that are linked', async () => {
  const named = '{{ define "shop.password" }}{{ (lookup "v1" "Secret" "web" "keys").data.password }}{{ end }}';
  const source = textSource({
    ...CHART,
    'chart/templates/_helpers.tpl': named,
    'chart/templates/a.yaml': printing('{{ include "shop.password" . }}').replace('seen', 'a'),
    'chart/charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
    'chart/charts/sub/templates/b.yaml': printing('{{ lookup "v1" "Secret" "web" "keys" | len }}').replace('seen', 'b'),
    'chart/templates/c.yaml': '-> ../../elsewhere/c.yaml',
    'elsewhere/c.yaml': printing('{{ lookup "v1" "Secret" "web" "keys" | len }}').replace('seen', 'c'),
  });

  const { objects } = await renderIn(source, applicationOf([[SECRET, [secret]]]));

  const found = Object.fromEntries(objects.map(({ object }) => [object.metadata.name, object.data]));
  assert.deepEqual(found, { a: { v: 'aHVudGVyMg==' }, b: { v: '4' }, c: { v: '4' } });
});

test('leaves comments, strings and words that are not the function alone', async () => {
  const expression =
    '{{/* lookup "v1" "Secret" "web" "keys" */}}{{ "lookup x" }} {{ $lookup := 1 }}{{ $lookup }} lookup a b {{ "{{" }}';

  assert.equal(await seen(expression, []), 'lookup x 1 lookup a b {{');
});

test('names the template and line of a lookup that is not listed, and says what to list', async () => {
  const inHelper = '\n{{ define "x" }}\n  {{ lookup "apps/v1" "Deployment" .Release.Namespace "db" }}{{ end }}';
  const listed: Found = [[SECRET, [secret]]];

  assert.deepEqual(
    await complaintsOf(
      chartWith({ 'templates/_h.tpl': inHelper, 'templates/a.yaml': '{{ include "x" . }}' }),
      applicationOf(listed),
    ),
    [
      'chart/templates/_h.tpl:3:5: render: the template looks up Deployment db (apps/v1) in namespace web, which the application does not list; add {apiVersion: apps/v1, kind: Deployment, namespace: web, name: db} to render.helm.lookup',
    ],
  );
  assert.deepEqual(
    await complaintsOf(chartWith({ 'templates/a.yaml': '{{ lookup "v1" "Namespace" "" "" }}' }), applicationOf([])),
    [
      'chart/templates/a.yaml:1:3: render: the template looks up all Namespace (v1), which the application does not list; add {apiVersion: v1, kind: Namespace} to render.helm.lookup',
    ],
  );
});

test('does not mind a lookup that these values do not come to', async () => {
  const template = `${printing('x')}{{ if .Values.on }}{{ lookup "v1" "Secret" "web" "keys" }}{{ end }}`;
  const source = chartWith({ 'templates/a.yaml': template });

  assert.equal((await renderIn(source, applicationOf([]))).objects.length, 1);
  assert.equal((await complaintsOf(source, applicationOf([], { on: true }))).length, 1);
});

test('keeps lines and columns of other errors, and the objects out of them', async () => {
  const template = '\n{{ $s := lookup "v1" "Secret" "web" "keys" }}{{ $s.data.password.x.y }}';
  const listed: Found = [[SECRET, [secret]]];

  const [inPlace, ...others] = await complaintsOf(chartWith({ 'templates/a.yaml': template }), applicationOf(listed));
  const [within] = await complaintsOf(
    chartWith({ 'templates/a.yaml': '{{ (lookup "v1" "Secret" "web" "keys").data.nope.x }}' }),
    applicationOf(listed),
  );
  const [parsed] = await complaintsOf(
    chartWith({ 'templates/a.yaml': '{{ lookup "v1" "Secret" "web" "keys" | atoi | nope }}' }),
    applicationOf(listed),
  );

  assert.equal(others.length, 0);
  assert.match(
    inPlace ?? '',
    /^chart\/templates\/a\.yaml:2:50: helm template: <\$s\.data\.password\.x\.y>: can't evaluate field x/,
  );
  assert.match(
    within ?? '',
    /^chart\/templates\/a\.yaml:1:4: helm template: <lookup>: nil pointer evaluating interface \{\}\.x/,
  );
  assert.match(parsed ?? '', /^chart\/templates\/a\.yaml:1: helm template: function "nope" not defined/);
  const [unclosed] = await complaintsOf(
    chartWith({ 'templates/a.yaml': '{{ if (lookup "v1" "Secret" "web" "keys") }}\n' }),
    applicationOf(listed),
  );
  assert.match(unclosed ?? '', /^chart\/templates\/a\.yaml:2: helm template: unexpected EOF/);
  for (const complaint of [inPlace, within, parsed])
    assert.doesNotMatch(complaint ?? '', /aHVudGVyMg|hunter2|plumbline/);
});

test('masks what Go quotes of a Secret', async () => {
  const template = '{{ (lookup "v1" "Secret" "web" "keys").data.password | b64dec | fail }}';

  const [complaint] = await complaintsOf(
    chartWith({ 'templates/a.yaml': template }),
    applicationOf([[SECRET, [secret]]]),
  );

  assert.equal(complaint, 'chart/templates/a.yaml:1:64: helm template: ***; correct the template or its values');
});

const UNANSWERABLE: readonly (readonly [string, Readonly<Record<string, string>>, object, string])[] = [
  [
    'a string for tpl',
    { 'templates/a.yaml': '\n{{ tpl `{{ lookup "v1" "Secret" "a" "b" }}` . }}' },
    {},
    'chart/templates/a.yaml:2:7',
  ],
  [
    'a value for tpl',
    { 'templates/a.yaml': '{{ tpl .Values.x . }}', 'values.yaml': 'a: 1\nx: \'{{ lookup "v1" "Secret" "a" "b" }}\'\n' },
    {},
    'chart/values.yaml:2:7',
  ],
  [
    'a value of the application',
    { 'templates/a.yaml': '{{ tpl .Values.x . }}' },
    { x: '{{ lookup "v1" "Secret" "a" "b" }}' },
    'web: render.helm.values',
  ],
  [
    'a file for tpl',
    { 'templates/a.yaml': '{{ tpl (.Files.Get "f.txt") . }}', 'f.txt': '{{ lookup "v1" "Secret" "a" "b" }}' },
    {},
    'chart/f.txt:1:3',
  ],
];
for (const [what, templates, values, place] of UNANSWERABLE) {
  test(`refuses a lookup in ${what}`, async () => {
    assert.deepEqual(await complaintsOf(chartWith(templates), applicationOf([], { ...values })), [
      `${place}: render: it calls "lookup" in a text that is rendered by "tpl", where it cannot be answered; call "lookup" in a template, or take the value from the cluster by render.helm.valuesFrom`,
    ]);
  });
}

test('takes a file with such words for what it is when no template renders it', async () => {
  const source = chartWith({
    'templates/a.yaml': printing('{{ .Files.Get "f.txt" }}'),
    'f.txt': '{{ lookup "v1" "Secret" "a" "b" }}',
  });

  assert.equal((await renderIn(source, applicationOf([]))).objects.length, 1);
});
