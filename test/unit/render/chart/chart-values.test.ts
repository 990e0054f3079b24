import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlumblineError } from '../../../../shared/errors.ts';
import { type Gathered, type GatheredValue, keyOfPlace, resolveReference } from '../../../../shared/model/gathered.ts';
import { isJsonObject, type Json } from '../../../../shared/model/json.ts';
import { parseJson } from '../../../../shared/model/json-text.ts';
import { type ValuesReference, valuesReferenceSchema } from '../../../../shared/model/render-settings/values-from.ts';
import { maskedError, maskOf } from '../../../../shared/render/chart/mask-gathered.ts';
import { textSource } from '../folder-source.ts';
import { complaintsOf, renderIn } from '../render-in.ts';

const CHART = {
  'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {v: {{ toJson .Values | quote }}}\n',
  'values.yaml': 'a: chart\nb: chart\nc: chart\nd: chart\nmap: {p: chart, q: chart}\n',
  'prod.yaml': 'b: file\nc: file\nd: file\nmap: {p: file}\n',
};

type Told = readonly (readonly [object, string])[];

function applicationOf(told: Told, helm: Readonly<Record<string, unknown>> = {}) {
  const references = told.map(([reference]): ValuesReference => valuesReferenceSchema.parse(reference));
  const values = references.map((reference, index): readonly [string, GatheredValue] => {
    const place = resolveReference(reference, { namespace: 'web', key: 'values.yaml' });
    return [keyOfPlace(place), { found: 'text', text: told[index]?.[1] ?? '', isSecret: place.from === 'secret' }];
  });
  const gathered: Gathered = { values: Object.fromEntries(values), objects: {} };
  const render = { helm: { valuesFiles: [], values: {}, includeCRDs: true, valuesFrom: references, ...helm } };
  return { path: '.', namespace: 'web', gathered, render };
}

async function valuesWith(told: Told, helm: Readonly<Record<string, unknown>> = {}): Promise<Json> {
  const { objects } = await renderIn(textSource(CHART), applicationOf(told, helm));
  const data = objects[0]?.object.data;
  return isJsonObject(data) ? parseJson(String(data.v)) : null;
}

test('the chart comes first, then files, then what is gathered, then inline values', async () => {
  const told: Told = [
    [{ configMap: { name: 'one' } }, 'c: one\nd: one\nmap: {q: one}\n'],
    [{ secret: { name: 'two' } }, 'd: two\n'],
  ];

  assert.deepEqual(await valuesWith(told, { valuesFiles: ['prod.yaml'], values: { d: 'inline' } }), {
    a: 'chart',
    b: 'file',
    c: 'one',
    d: 'inline',
    map: { p: 'file', q: 'one' },
  });
  assert.deepEqual((await valuesWith(told.toReversed())) as object, {
    ...{ a: 'chart', b: 'chart', c: 'one', d: 'one', map: { p: 'chart', q: 'one' } },
  });
});

const TYPED: readonly (readonly [string, Json])[] = [
  ['plain', 'plain'],
  ['7', 7],
  ['-7', -7],
  ['007', '007'],
  ['1.5', '1.5'],
  ['true', true],
  ['"true"', 'true'],
  ["'7'", '7'],
  ['a,b=c', 'a,b=c'],
  ['two\nlines\n', 'two\nlines\n'],
  ['', ''],
];
for (const [text, expected] of TYPED) {
  test(`reads the single value ${JSON.stringify(text)} as ${JSON.stringify(expected)}`, async () => {
    const values = await valuesWith([[{ secret: { name: 's', key: 'k' }, targetPath: 'map.z\\.w' }, text]]);

    assert.deepEqual(isJsonObject(values) && values.map, { p: 'chart', q: 'chart', 'z.w': expected });
  });
}

test('refuses what is no map of values, by its place and without its text', async () => {
  for (const text of ['hunter2', '- hunter2', 'a: [hunter2', 'a: 1\n---\nb: hunter2']) {
    const [complaint, ...others] = await complaintsOf(
      textSource(CHART),
      applicationOf([[{ secret: { name: 's' } }, text]]),
    );

    assert.match(complaint ?? '', /^Secret\/web\/s: read values: what it holds is no YAML of values.*targetPath$/);
    assert.doesNotMatch(complaint ?? '', /hunter2/);
    assert.deepEqual(others, []);
  }
});

test('refuses a place within a list', async () => {
  const told: Told = [[{ secret: { name: 's' }, targetPath: 'a[0].b' }, 'x']];

  assert.match(
    (await complaintsOf(textSource(CHART), applicationOf(told)))[0] ?? '',
    /^targetPath a\[0\]\.b: set a value: it leads into a list/,
  );
});

test('shows nothing of a Secret in an error of helm', async () => {
  const told: Told = [[{ secret: { name: 's' } }, 'sub: hunter2-too\na: {password: hunter2}\n']];
  const failing = { ...CHART, 'templates/b.yaml': '{{ atoi .Values.a.password }}{{ fail (toJson .Values.a) }}' };
  const mismatch = { ...CHART, 'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n' };

  for (const chart of [failing, mismatch]) {
    const complaints = await complaintsOf(textSource(chart), applicationOf(told));

    assert.equal(complaints.length, 1);
    assert.doesNotMatch(complaints[0] ?? '', /hunter2/);
  }
});

test('refuses a lookup, and notices chance, in a gathered text that tpl renders', async () => {
  const rendered = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {t: {{ tpl .Values.a . | quote }}}\n';
  const chart = { ...CHART, 'templates/a.yaml': rendered };
  const told = (text: string): Told => [[{ configMap: { name: 'c' }, targetPath: 'a' }, text]];

  const [refused] = await complaintsOf(textSource(chart), applicationOf(told('{{ lookup "v1" "Secret" "a" "b" }}')));
  const { warnings } = await renderIn(textSource(chart), applicationOf(told('{{ randAlpha 9 }}')));

  assert.match(refused ?? '', /^ConfigMap\/web\/c: render: it calls "lookup" in a text that is rendered by "tpl"/);
  assert.equal(warnings.length, 1);
});

test('masks texts of Secrets as they are and in base64, and leaves what is public', () => {
  const encoded = Buffer.from('hunter2').toString('base64');
  const text = (value: string, isSecret: boolean): GatheredValue => ({ found: 'text', text: value, isSecret });
  const object = (kind: string, data: object) => ({
    apiVersion: 'v1',
    kind,
    metadata: { name: 'a' },
    data: { ...data },
  });
  const mask = maskOf({
    values: { a: text('password: s3cret-a\nn: 1\n', true), b: text('password: public\n', false) },
    objects: { c: [object('Secret', { password: encoded }), object('ConfigMap', { password: 'plain' })] },
  });

  assert.equal(mask(`s3cret-a ${encoded} hunter2 public plain 1`), '*** *** *** public plain 1');
  assert.equal(mask(Buffer.from('s3cret-a').toString('base64')), '***');
});

test('has another digest for each of its settings', async () => {
  const digestOf = async (helm: Readonly<Record<string, unknown>>, told: Told = []) =>
    (await renderIn(textSource(CHART), applicationOf(told, helm))).inputDigest;
  const secret = { secret: { name: 's' } };

  const digests = await Promise.all([
    digestOf({}),
    digestOf({ values: { d: 1 } }),
    digestOf({ valuesFiles: ['prod.yaml'] }),
    digestOf({ releaseName: 'other' }),
    digestOf({ includeCRDs: false }),
    digestOf({ skipSchemaValidation: true }),
    digestOf({ ignoreMissingValuesFiles: true }),
    digestOf({}, [[secret, 'a: 1']]),
    digestOf({}, [[secret, 'a: 2']]),
    digestOf({ lookup: [{ apiVersion: 'v1', kind: 'Secret', namespace: 'web', name: 's' }] }),
  ]);

  assert.equal(new Set(digests).size, digests.length);
});

test('does not check values by the schema when told so', async () => {
  const schema = { ...CHART, 'values.schema.json': '{"properties": {"a": {"type": "integer"}}}' };

  assert.equal((await complaintsOf(textSource(schema), applicationOf([]))).length, 1);
  assert.deepEqual(await complaintsOf(textSource(schema), applicationOf([], { skipSchemaValidation: true })), []);
});

test('a chart at the root of its repository sees neither values nor other sources among its files', async () => {
  const listing = `apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {v: '{{ range $path, $_ := .Files.Glob "**" }}{{ $path }} {{ end }}', a: '{{ .Values.a }}'}
`;
  const source = textSource({ ...CHART, 'templates/a.yaml': listing, 'x.txt': '' });
  const told: Told = [[{ secret: { name: 's' } }, 'b: 1']];

  const { objects } = await renderIn(source, {
    ...applicationOf(told, { valuesFiles: ['$envs/v.yaml'], values: { d: 1 } }),
    sources: { envs: textSource({ 'v.yaml': 'a: envs' }) },
  });

  assert.deepEqual(objects[0]?.object.data, { v: 'prod.yaml x.txt ', a: 'envs' });
});

test('masks what a message shows of a long text: its lines, quoted or cut', () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEA\n-----END KEY-----\n';
  const mask = maskOf({ values: { 'secret:ns/s#key': { found: 'text', text: key, isSecret: true } }, objects: {} });

  assert.doesNotMatch(mask(`cannot use ${JSON.stringify(key)}`), /MIIE|AQEF/);
  assert.doesNotMatch(mask(`at line 3:\n  ${key.split('\n').join('\n  ')}`), /MIIE|AQEF/);
  const password = maskOf({
    values: { 'secret:ns/s#p': { found: 'text', text: 'hunter2hunter3', isSecret: true } },
    objects: {},
  });
  assert.equal(password('cannot unmarshal !!str `hunter2...` into int'), 'cannot unmarshal !!str `***` into int');
  const named = new PlumblineError([
    {
      code: 'RenderFailed',
      subject: 'ConfigMap/ns/hunter2hunter3',
      act: 'render',
      wrong: 'x',
      remedy: 'not hunter2hunter3',
    },
  ]);
  assert.equal(String(maskedError(named, password)).includes('hunter'), false);
});
