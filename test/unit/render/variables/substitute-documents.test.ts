// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are variables of manifests, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Gathered, keyOfPlace } from '../../../../shared/model/gathered.ts';
import type { RenderSettings } from '../../../../shared/model/render-settings/render-settings.ts';
import { textSource } from '../folder-source.ts';
import { complaintsOf, type InApplication, renderIn } from '../render-in.ts';

const configMap = (data: string, metadata = 'name: settings') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {${metadata}}\ndata:\n${data}`;

type Substitute = Partial<NonNullable<RenderSettings['substitute']>>;

function application(substitute: Substitute | undefined, more: Partial<InApplication> = {}): InApplication {
  const render = substitute && { substitute: { variables: {}, from: [], strict: true, ...substitute } };
  return { path: 'app', namespace: 'web', ...(render && { render }), ...more };
}

async function render(text: string, substitute: Substitute | undefined, more: Partial<InApplication> = {}) {
  const { objects } = await renderIn(textSource({ 'app/a.yaml': text }), application(substitute, more));
  return objects.map(({ object }) => object);
}

const complaints = (text: string, substitute: Substitute, more: Partial<InApplication> = {}) =>
  complaintsOf(textSource({ 'app/a.yaml': text }), application(substitute, more));

describe('variables in manifests', () => {
  it('are left as they are where nobody asks for them', async () => {
    const [object] = await render(configMap('  a: ${A}\n'), undefined);

    assert.deepEqual(object?.data, { a: '${A}' });
  });

  it('become what their text means in YAML', async () => {
    const text =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: "${NAME}"}\nspec:\n  replicas: ${COUNT}\n  paused: ${PAUSED}\n' +
      '  template: {metadata: {annotations: {port: "${quote}${PORT}${quote}", image: "web:${TAG:=1.0}"}}}\n';
    const variables = { NAME: 'api', COUNT: '3', PAUSED: 'false', PORT: '8080', quote: '"' };

    const [object] = await render(text, { variables });

    assert.equal(object?.metadata.name, 'api');
    assert.deepEqual(object?.spec, {
      replicas: 3,
      paused: false,
      template: { metadata: { annotations: { port: '8080', image: 'web:1.0' } } },
    });
  });

  it('leave alone what is escaped, what has no braces, and objects that say so', async () => {
    const flux = 'name: b, annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}';
    const own = 'name: c, labels: {plumbline.dev/substitute: disabled}';
    const text = [configMap('  a: $${A} $A $1\n'), configMap('  a: ${A}\n', flux), configMap('  a: ${A}\n', own)].join(
      '---\n',
    );

    const objects = await render(text, { variables: { A: 'x' } });

    assert.deepEqual(
      objects.map(({ data }) => data),
      [{ a: '${A} $A $1' }, { a: '${A}' }, { a: '${A}' }],
    );
  });

  it('reach the items of a list, and what a Secret says in plain text', async () => {
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: "${A}"}\n';
    const list = 'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: "${A}"}}\n';

    const objects = await render(`${secret}---\n${list}`, { variables: { A: 'x' } });

    assert.deepEqual(objects[0]?.data, { a: 'eA==' });
    assert.equal(objects[1]?.metadata.name, 'x');
  });

  it('take line breaks out of values, so that none begins a field', async () => {
    const [object] = await render(configMap('  a: ${A}\n'), { variables: { A: 'x\ny' } });
    const said = await complaints(configMap('  a: ${A}\n'), { variables: { A: 'x\n  b: y' } });

    assert.deepEqual(object?.data, { a: 'xy' });
    assert.match(said[0] ?? '', /with its variables filled in it is no YAML any more/);
  });

  it('name file, line, object and variable where there is no value', async () => {
    assert.deepEqual(await complaints(`# first\n---\n${configMap('  a: ${A}\n')}`, {}), [
      'app/a.yaml:3: fill in variables: ConfigMap settings: the variable "A" has no value; ' +
        'give it in render.substitute.variables, a default by "${A:=...}", or write "$${" for a plain "${"',
    ]);
    assert.deepEqual(await render(configMap('  a: "x${A}"\n'), { strict: false }).then(([one]) => one?.data), {
      a: 'x',
    });
  });

  it('name what is no expression', async () => {
    assert.match((await complaints(configMap('  a: ${A?x}\n'), {}))[0] ?? '', /"\?x" behind its name/);
    assert.match((await complaints(configMap('  a: ${}\n'), {}))[0] ?? '', /names no variable/);
    assert.match((await complaints(configMap('  a: ${A:-x\n'), {}))[0] ?? '', /is not closed/);
    const pattern = await complaints(configMap('  a: ${A#[}\n'), { variables: { A: 'x' } });
    assert.match(pattern[0] ?? '', /the pattern of "\$\{A#\.\.\.\}" is not closed/);
  });

  it('come from ConfigMaps and Secrets, later ones first and own ones above all, and are never quoted in errors', async () => {
    const place = (from: 'configMap' | 'secret', name: string) => ({ from, namespace: 'web', name }) as const;
    const gathered: Gathered = {
      objects: {},
      values: {
        [keyOfPlace(place('configMap', 'one'))]: {
          ...{ found: 'entries', entries: { A: 'one', B: 'one', C: 'one' }, isSecret: false },
        },
        [keyOfPlace(place('secret', 'two'))]: { found: 'entries', entries: { B: 'two', C: 'two' }, isSecret: true },
        [keyOfPlace(place('secret', 'bad'))]: {
          ...{ found: 'entries', entries: { P: 'hush: [', 'not-a-name': 'hush' }, isSecret: true },
        },
      },
    };
    const from = [
      { configMap: { name: 'one' }, optional: false },
      { secret: { name: 'two' }, optional: false },
    ];
    const bad = [{ secret: { name: 'bad' }, optional: false }];

    const [object] = await render(configMap('  a: ${A} ${B} ${C}\n'), { from, variables: { C: 'own' } }, { gathered });
    const said = await complaints(configMap('  a: ${P}\n'), { from: bad }, { gathered });

    assert.deepEqual(object?.data, { a: 'one two own' });
    assert.match(said.join('\n'), /Secret\/web\/bad: read variables: the key "not-a-name" is the name of no variable/);
    assert.match(said.join('\n'), /ConfigMap settings: with its variables filled in it is no YAML any more/);
    assert.doesNotMatch(said.join('\n'), /hush/);
  });

  it('are filled in after a kustomization and a chart are built', async () => {
    const files = {
      'app/kustomization.yaml': 'resources: [a.yaml]\nnamePrefix: pre-\n',
      'app/a.yaml': configMap('  a: ${A}\n'),
      'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
      'chart/templates/a.yaml': configMap('  a: {{ print "$" "{A}" }}\n'),
    };
    const made = application({ variables: { A: 'x' } });

    const built = await renderIn(textSource(files), made);
    const chart = await renderIn(textSource(files), { ...made, path: 'chart' });

    assert.deepEqual(built.objects[0]?.object.data, { a: 'x' });
    assert.equal(built.objects[0]?.source.path, 'app/a.yaml');
    assert.deepEqual(chart.objects[0]?.object.data, { a: 'x' });
  });
});
