/**
 * The key of a rendering holds everything that the result depends on. The tables are typed by what they list, so that a
 * new setting, fact or field of the input does not compile until it stands here too.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClusterFacts } from '../../../shared/model/cluster-facts.ts';
import { closureOf } from '../../../shared/render/closure.ts';
import { readFileTree } from '../../../shared/render/file-tree.ts';
import {
  inputDigestOf,
  outlineOf,
  type RendererVersions,
  type RenderInput,
  type UsedFacts,
} from '../../../shared/render/input.ts';
import { joinedDigest } from '../../../shared/render/joined-digest.ts';
import type { RendererSettings } from '../../../shared/render/renderer-settings.ts';
import { textSource } from './folder-source.ts';

type Of<Kind extends RendererSettings['kind']> = Extract<RendererSettings, { readonly kind: Kind }>;
/** Another value of every field, those that may be absent among them. */
type Changes<T> = { readonly [Field in keyof Required<T>]: NonNullable<T[Field]> };

interface Made {
  readonly texts: Readonly<Record<string, string>>;
  readonly path: string;
  readonly settings: RendererSettings;
  readonly versions: RendererVersions;
  readonly facts: ClusterFacts;
  readonly gathered: string | undefined;
}

const FACTS: ClusterFacts = { uid: 'u', kubernetesVersion: 'v1.36.0', apiVersions: ['apps/v1', 'v1'], readAtMs: 1 };
const HELM: Of<'helm'> = {
  ...{ kind: 'helm', releaseName: 'web', namespace: 'web' },
  ...{ valuesFiles: ['a.yaml'], values: { a: 1 }, includeCRDs: true },
};
const CHART: Made = {
  texts: {
    'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'web/templates/a.yaml': 'a: {{ .Capabilities.APIVersions }}\n',
    'web/a.yaml': 'a: 1\n',
    'web/b.yaml': 'b: 1\n',
    'web/file': 'x',
    'beside/c.yaml': 'c: 1\n',
    'other/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'other/templates/a.yaml': 'a: {{ .Capabilities.APIVersions }}\n',
    'other/a.yaml': 'a: 1\n',
    'other/b.yaml': 'b: 1\n',
    'other/file': 'x',
  },
  path: 'web',
  settings: HELM,
  versions: { helm: 'helm 1', kustomize: 'kustomize 1' },
  facts: FACTS,
  gathered: 'digest of what is gathered',
};
const KUSTOMIZATION: Made = {
  ...CHART,
  texts: { 'web/kustomization.yaml': 'resources: [a.yaml]\n', 'web/a.yaml': 'a: 1\n' },
  settings: { kind: 'kustomize' },
};
const DIRECTORY: Made = {
  ...CHART,
  texts: { 'web/a.yaml': 'a: 1\n', 'web/below/b.yaml': 'b: 1\n' },
  settings: { kind: 'directory', recurse: true, include: [], exclude: [] },
};

async function keyOf({ texts, path, settings, versions, facts, gathered }: Made): Promise<string> {
  const closure = await closureOf(await readFileTree(textSource(texts)), path, settings);
  const told = gathered === undefined ? undefined : { gathered: { values: {}, objects: {} }, digest: gathered };
  return inputDigestOf(outlineOf(settings, closure, facts, told), versions);
}

const SUBSTITUTE = { variables: { A: '1' }, from: [], strict: true };
const HELM_CHANGES: Changes<Omit<Of<'helm'>, 'kind'>> = {
  releaseName: 'other',
  namespace: 'other',
  valuesFiles: ['b.yaml'],
  ignoreMissingValuesFiles: true,
  valuesFrom: [{ from: 'configMap', namespace: 'web', name: 'values', optional: false }],
  values: { a: 2 },
  lookup: [{ apiVersion: 'v1', kind: 'Secret', name: 'tls' }],
  includeCRDs: false,
  skipSchemaValidation: true,
  substitute: SUBSTITUTE,
};
const KUSTOMIZE_CHANGES: Changes<Omit<Of<'kustomize'>, 'kind'>> = {
  overlay: { namePrefix: 'a-' },
  substitute: SUBSTITUTE,
};
const DIRECTORY_CHANGES: Changes<Omit<Of<'directory'>, 'kind'>> = {
  recurse: false,
  include: ['a.yaml'],
  exclude: ['b.yaml'],
  substitute: SUBSTITUTE,
};
const FACT_CHANGES: { readonly [Fact in keyof Required<UsedFacts>]: Partial<Made> } = {
  kubernetesVersion: { facts: { ...FACTS, kubernetesVersion: 'v1.37.0' } },
  apiVersions: { facts: { ...FACTS, apiVersions: ['v1'] } },
  gathered: { gathered: 'another digest' },
};
/** Each with what changes it; `undefined`: it changes nothing of what comes out, or only with another field here. */
const INPUT_CHANGES: { readonly [Field in keyof Required<RenderInput>]: Partial<Made> | undefined } = {
  subject: undefined,
  inputDigest: undefined,
  settings: { settings: { ...HELM, values: { a: 3 } } },
  renderer: { versions: { helm: 'helm 2', kustomize: 'kustomize 1' } },
  path: { path: 'other' },
  files: { texts: { ...CHART.texts, 'web/file': 'y' } },
  links: { texts: { ...CHART.texts, 'web/file': '-> b.yaml' } },
  facts: FACT_CHANGES.apiVersions,
  // By files, links and settings.
  origins: undefined,
  valuesFiles: { settings: { ...HELM, valuesFiles: ['b.yaml', 'a.yaml'] } },
  notes: undefined,
  gathered: FACT_CHANGES.gathered,
};

const CASES: readonly (readonly [string, Made, Readonly<Record<string, Partial<Made> | undefined>>])[] = [
  ['a chart', CHART, INPUT_CHANGES],
  ['a chart, of what it is told', CHART, FACT_CHANGES],
  ['a chart, of its settings', CHART, settingsOf(HELM, HELM_CHANGES)],
  ['a kustomization, of its settings', KUSTOMIZATION, settingsOf({ kind: 'kustomize' }, KUSTOMIZE_CHANGES)],
  ['a kustomization', KUSTOMIZATION, { renderer: { versions: { helm: 'helm 1', kustomize: 'kustomize 2' } } }],
  ['a directory, of its settings', DIRECTORY, settingsOf(DIRECTORY.settings, DIRECTORY_CHANGES)],
];

function settingsOf<Settings extends RendererSettings>(
  base: Settings,
  changes: Readonly<Record<string, unknown>>,
): Readonly<Record<string, Partial<Made>>> {
  return Object.fromEntries(
    Object.entries(changes).map(([field, value]) => [field, { settings: { ...base, [field]: value } }]),
  );
}

describe('the key of a rendering', () => {
  for (const [what, base, changes] of CASES) {
    for (const [field, change] of Object.entries(changes)) {
      if (change === undefined) continue;
      it(`is another for ${what}, with another value of "${field}"`, async () => {
        assert.notEqual(await keyOf({ ...base, ...change }), await keyOf(base));
      });
    }
  }

  it('is the same for equal ingredients, and for what a rendering does not see', async () => {
    const key = await keyOf(CHART);

    assert.equal(await keyOf({ ...CHART, texts: { ...CHART.texts, 'beside/c.yaml': 'c: 2\n' } }), key);
    assert.equal(await keyOf({ ...CHART, facts: { ...FACTS, uid: 'another', readAtMs: 2 } }), key);
    assert.equal(await keyOf({ ...CHART, versions: { ...CHART.versions, kustomize: 'kustomize 2' } }), key);
  });

  it('of several sources is made of theirs in order; of one it is its own', () => {
    assert.equal(joinedDigest(['a']), 'a');
    const keys = [['a', 'b'], ['b', 'a'], ['a'], ['a', 'b', 'b'], ['ab']].map(joinedDigest);
    assert.equal(new Set(keys).size, keys.length);
  });
});
