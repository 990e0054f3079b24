import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlumblineError } from '../../../../shared/errors.ts';
import type { ExternalRenderer } from '../../../../shared/model/external-renderer.ts';
import { randomFunctionsIn } from '../../../../shared/render/chart/random-functions.ts';
import type { RenderInput } from '../../../../shared/render/input.ts';
import { renderChart } from '../../../../shared/render/render-chart.ts';
import { textSource } from '../folder-source.ts';
import { renderIn } from '../render-in.ts';

const CHART = { 'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n' };
const secret = (name: string, data: string) =>
  `---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\ndata:\n${data}`;
const warningsOf = async (
  templates: Readonly<Record<string, string>>,
  values: Readonly<Record<string, unknown>> = {},
) => {
  const files = Object.entries(templates).map(([at, text]) => [`chart/${at}`, text]);
  const { warnings } = await renderIn(textSource({ ...CHART, ...Object.fromEntries(files) }), {
    path: 'chart',
    render: { helm: { valuesFiles: [], values, includeCRDs: true } },
  });
  return warnings;
};

test('names the objects and fields that come out differently each time, and never their values', async () => {
  const templates = {
    'templates/secret.yaml': secret(
      'keys',
      '  password: {{ randAlphaNum 12 | b64enc }}\n  fixed: YQ==\n  a/b~c: {{ uuidv4 | b64enc }}\n',
    ),
    'templates/plain.yaml': secret('plain', '  fixed: YQ==\n'),
    'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
    'charts/sub/templates/cert.yaml': secret('cert', '{{ $ca := genCA "x" 1 }}\n  ca.crt: {{ $ca.Cert | b64enc }}\n'),
  };

  assert.deepEqual(await warningsOf(templates), [
    'chart/charts/sub/templates/cert.yaml: Secret/cert: /data/ca.crt would change with every rendering (genCA); set the value, or take it from the cluster by valuesFrom or lookup',
    'chart/templates/secret.yaml: Secret/keys: /data/password, /data/a~1b~0c would change with every rendering (randAlphaNum, uuidv4); set the value, or take it from the cluster by valuesFrom or lookup',
  ]);
});

test('names the map, not a key that is chance itself, and only the kind of what has such a name', async () => {
  const warnings = await warningsOf({
    'templates/a.yaml': secret('keys', '  {{ randAlpha 20 }}: YQ==\n'),
    'templates/b.yaml': secret('job-{{ randAlpha 20 | lower }}', '  a: YQ==\n'),
  });

  assert.deepEqual(warnings, [
    'chart/templates/a.yaml: Secret/keys: /data would change with every rendering (randAlpha); set the value, or take it from the cluster by valuesFrom or lookup',
    'chart/templates/b.yaml: a Secret: /metadata/name would change with every rendering (randAlpha); set the value, or take it from the cluster by valuesFrom or lookup',
  ]);
});

test('says nothing of chance that these values do not come to', async () => {
  const template = secret('keys', '  password: {{ .Values.password | default (randAlphaNum 12) | b64enc }}\n');

  assert.deepEqual(await warningsOf({ 'templates/a.yaml': template }, { password: 'set' }), []);
  assert.equal((await warningsOf({ 'templates/a.yaml': template })).length, 1);
});

test('notices chance in a value that is rendered by tpl', async () => {
  const templates = { 'templates/a.yaml': secret('keys', '  x: {{ tpl .Values.x . | b64enc }}\n') };

  assert.deepEqual(await warningsOf(templates, { x: '{{ randAlpha 9 }}' }), [
    'chart/templates/a.yaml: Secret/keys: /data/x would change with every rendering; set the value, or take it from the cluster by valuesFrom or lookup',
  ]);
});

test('keeps the rendering when there is no time for a second one', async () => {
  const settings = {
    kind: 'helm',
    releaseName: 'a',
    namespace: 'a',
    valuesFiles: [],
    values: {},
    includeCRDs: true,
  } as const;
  const files = { 'chart/Chart.yaml': CHART['chart/Chart.yaml'], 'chart/templates/a.yaml': '{{ now }}' };
  const input: RenderInput = {
    ...{ subject: 'web', inputDigest: '', settings, renderer: 'helm', path: 'chart', links: new Map(), facts: {} },
    files: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
  };
  let calls = 0;
  const slow: ExternalRenderer = {
    version: 'helm',
    run: async () => {
      if (++calls === 1) return { yaml: secret('keys', '  a: YQ==\n'), warnings: [] };
      const wrong = 'took longer than 60 s';
      throw new PlumblineError([{ code: 'RenderFailed', subject: 'web', act: 'render', wrong, remedy: 'part it' }]);
    },
  };

  const { objects, warnings } = await renderChart(input, settings, slow);

  assert.equal(objects.length, 1);
  assert.deepEqual(warnings, ['web: what chance changes in it could not be found out: took longer than 60 s']);
});

test('says how many more there are when there are many', async () => {
  const many = Array.from({ length: 12 }, (_, index) => secret(`s${index}`, '  x: {{ randBytes 8 }}\n')).join('');

  const warnings = await warningsOf({ 'templates/a.yaml': many });

  assert.equal(warnings.length, 11);
  assert.equal(warnings.at(-1), '2 more objects come out differently each time they are rendered');
});

test('looks for the functions of chance where templates call them, and nowhere else', () => {
  assert.deepEqual(
    randomFunctionsIn('{{ $x := now | date "2006" }}{{ if (randAlphaNum 5) }}{{ randAlphaNum 5 }}{{ end }}'),
    ['now', 'randAlphaNum'],
  );
  for (const text of ['now', '{{/* now */}}', '{{ .now }}', '{{ $now }}', '{{ "now" }}', '{{ include "keys" . }}']) {
    assert.deepEqual(randomFunctionsIn(text), [], text);
  }
});
