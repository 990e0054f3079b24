import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RenderedFleet, type RenderFleetTarget, renderFleet } from '../../../shared/job/render-fleet.ts';
import { findingOfProblem } from '../../../shared/job/validate/findings-of-problems.ts';
import type { ClusterFacts } from '../../../shared/model/cluster-facts.ts';
import { keyOfPlace } from '../../../shared/model/gathered.ts';
import type { GatheredInCluster } from '../../../shared/model/gathering.ts';
import { FakeBlobStore } from '../../fakes/fake-blob-store.ts';
import { FakeSource } from '../../fakes/fake-source.ts';
import { application, CLUSTERS, configMap, FIRST_COMMIT } from './plan-fleet/fleet-world.ts';

interface World {
  readonly source: FakeSource;
  readonly blobs: FakeBlobStore;
  readonly render: (target?: Partial<RenderFleetTarget>) => Promise<RenderedFleet>;
  readonly factsAskedFor: string[];
  readonly toolRuns: string[];
}

function makeWorld(facts?: ClusterFacts, gathered?: GatheredInCluster): World {
  const [source, blobs] = [new FakeSource(), new FakeBlobStore()];
  const factsAskedFor: string[] = [];
  const toolRuns: string[] = [];
  const tool = (name: string) => ({
    version: `${name} 1`,
    run: async ({ subject }: { readonly subject: string }) => {
      toolRuns.push(subject);
      return { yaml: configMap(`by-${name}`, '1'), warnings: [] };
    },
  });
  const deps = {
    sources: {
      fleet: source,
      open: () => {
        throw new Error('no other repository');
      },
    },
    state: { nowMs: async () => 0 },
    directory: { discover: () => Promise.reject(new Error('no set is declared')) },
    blobs,
    renderers: { helm: tool('helm'), kustomize: tool('kustomize') },
    versions: { helm: 'helm 1', kustomize: 'kustomize 1' },
    gatheredIn: async ({ metadata }: { readonly metadata: { readonly name: string } }) =>
      metadata.name === 'prod' ? gathered : undefined,
    outsideValues: { read: () => Promise.reject(new Error('no value is referred to')) },
    factsOf: async ({ metadata }: { readonly metadata: { readonly name: string } }) => {
      factsAskedFor.push(metadata.name);
      return facts;
    },
  };
  const render = (target = {}) => renderFleet(deps, { fleet: 'shop', ref: 'main', folder: 'plumbline', ...target });
  return { source, blobs, render, factsAskedFor, toolRuns };
}

const CHART = {
  'apps/web/web.yaml': undefined,
  'apps/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'apps/web/templates/a.yaml': 'a: {{ .Capabilities.KubeVersion }}\n',
};

describe('renderFleet', () => {
  it('returns every cluster with its applications rendered', async () => {
    const world = makeWorld();
    const revision = world.source.commit('main', FIRST_COMMIT);

    const { commit, problems, clusters } = await world.render();

    assert.equal(commit.revision, revision);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      clusters.map(({ cluster, applications }) => [
        cluster.metadata.name,
        ...applications.flatMap(({ rendering }) => rendering.objects.map(({ object }) => object.data)),
      ]),
      [
        ['staging', { value: 'staging' }, { value: '1' }],
        ['prod', { value: 'prod' }, { value: '1' }],
      ],
    );
    assert.deepEqual(world.factsAskedFor, []);
  });

  it('renders only the clusters that are asked for', async () => {
    const world = makeWorld();
    world.source.commit('main', FIRST_COMMIT);

    const { clusters } = await world.render({ clusters: ['prod'] });

    assert.deepEqual(
      clusters.map(({ cluster }) => cluster.metadata.name),
      ['prod'],
    );
  });

  it('refuses a cluster that is not declared, and names those that are', async () => {
    const world = makeWorld();
    world.source.commit('main', FIRST_COMMIT);

    await assert.rejects(
      world.render({ clusters: ['prod', 'prood'] }),
      /^PlumblineError: Cluster prood: render: it is not declared; name one of: staging, prod$/,
    );
  });

  it('returns everything that is wrong and renders nothing where nobody can tell what is declared', async () => {
    const world = makeWorld();
    world.source.commit('main', {
      ...FIRST_COMMIT,
      'plumbline/db.yaml': 'a: b: c',
      'plumbline/web.yaml': application('web', 'source: {path: apps/web}, colour: red'),
    });

    const { problems, clusters } = await world.render();

    assert.deepEqual(
      problems.map(({ subject }) => subject.replace(/:\d+$/, '')),
      ['plumbline/db.yaml:1', 'plumbline/web.yaml:4'],
    );
    assert.deepEqual(clusters, []);
  });

  it('lists an application whose declaration is broken with its problems, next to what renders', async () => {
    const world = makeWorld();
    world.source.commit('main', {
      ...FIRST_COMMIT,
      'plumbline/web.yaml': application('web', 'source: {path: apps/web}, colour: red'),
    });

    const { problems, clusters } = await world.render({ clusters: ['prod'] });

    assert.deepEqual(problems, []);
    assert.deepEqual(
      clusters[0]?.applications.map(({ application: { name } }) => name),
      ['db'],
    );
    assert.match(clusters[0]?.desired.unavailable[0]?.problems[0]?.subject ?? '', /^plumbline\/web\.yaml:4/);
  });

  it('lists what does not render with its problems, next to what does', async () => {
    const world = makeWorld();
    world.source.commit('main', { ...FIRST_COMMIT, 'apps/web/web.yaml': 'a: b: c' });

    const { clusters } = await world.render({ clusters: ['prod'] });

    assert.deepEqual(
      clusters[0]?.applications.map(({ application: { name } }) => name),
      ['db'],
    );
    assert.equal(clusters[0]?.desired.unavailable[0]?.name, 'web');
    assert.equal(clusters[0]?.desired.unavailable[0]?.problems[0]?.code, 'RenderFailed');
  });

  it('asks for facts only of clusters with a chart that looks at them', async () => {
    const facts = { uid: 'u', kubernetesVersion: 'v1.36.0', apiVersions: ['v1'], readAtMs: 1 };
    const world = makeWorld(facts);
    world.source.commit('main', {
      ...FIRST_COMMIT,
      ...CHART,
      'plumbline/web.yaml': application('web', 'source: {path: apps/web}, clusters: {names: [prod]}').replace(
        'clusters: {all: true}, ',
        '',
      ),
    });

    const { clusters } = await world.render();

    assert.deepEqual(world.factsAskedFor, ['prod']);
    assert.deepEqual(
      clusters.map(({ applications }) => applications.length),
      [1, 2],
    );
  });

  it('says so when the facts are not to be had', async () => {
    const world = makeWorld();
    world.source.commit('main', { ...FIRST_COMMIT, ...CHART });

    const { clusters } = await world.render({ clusters: ['prod'] });

    assert.match(
      clusters[0]?.desired.unavailable[0]?.problems[0]?.wrong ?? '',
      /depends on cluster prod, on its versions or on what stands in it, which are not known here/,
    );
  });

  it('reads what was rendered before, and renders again what was lost', async () => {
    const world = makeWorld();
    const kustomization = { 'apps/web/web.yaml': undefined, 'apps/web/kustomization.yaml': 'resources: []\n' };
    world.source.commit('main', { 'plumbline/all.yaml': `${CLUSTERS}---\n${application('web')}`, ...kustomization });
    await world.render();
    await world.render();
    assert.equal(world.toolRuns.length, 1, 'one input for both clusters, rendered once');

    for (const key of world.blobs.keys) world.blobs.lose(key);
    const { clusters } = await world.render();
    assert.equal(clusters[0]?.applications[0]?.rendering.objects[0]?.object.metadata.name, 'by-kustomize');
    assert.equal(world.toolRuns.length, 2);
  });

  it('renders with what a run gathered, and says of the other clusters that nobody can know', async () => {
    const place = { from: 'secret', namespace: 'default', name: 'web', key: 'values.yaml' } as const;
    const values = { [keyOfPlace(place)]: { found: 'text', text: 'a: 1', isSecret: true } as const };
    const world = makeWorld(undefined, [{ application: 'web', values, objects: {} }]);
    world.source.commit('main', {
      ...FIRST_COMMIT,
      ...CHART,
      'apps/web/templates/a.yaml': 'a: 1\n',
      'plumbline/web.yaml': application(
        'web',
        'source: {path: apps/web}, render: {helm: {valuesFrom: [{secret: {name: web}}]}}',
      ),
    });

    const { clusters } = await world.render();

    const [staging, prod] = ['staging', 'prod'].map((name) =>
      clusters.find(({ cluster }) => cluster.metadata.name === name),
    );
    assert.deepEqual(prod?.desired.unavailable, []);
    const findings = staging?.desired.unavailable.flatMap(({ name, problems }) =>
      problems.map((problem) => findingOfProblem(problem, { cluster: 'staging', application: name })),
    );
    assert.deepEqual(
      findings?.map(({ level, rule, subject }) => [level, rule, subject]),
      [['note', 'not-checked', 'web in staging']],
    );
  });
});
