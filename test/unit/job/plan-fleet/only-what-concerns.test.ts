// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
/** What one commit costs in a monorepo of 500 applications for 50 clusters, in calls: no clock is asked. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { configMap, FleetWorld } from './fleet-world.ts';

const APPLICATIONS = 500;
const CLUSTERS = 50;
const REGIONS = 5;

const numbers = (count: number) => [...Array(count).keys()];
const clusterOf = (cluster: number) => `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: cluster-${cluster}, labels: {region: region-${cluster % REGIONS}}}
spec: {kubeconfig: {context: c${cluster}}}
`;
const applicationOf = (app: number) => `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: app-${app}}
spec: {clusters: {all: true}, namespace: app-${app}, source: {path: "apps/app-${app}/\${cluster.labels.region}"}}
`;

/** One file of the application that goes to all clusters of a region. */
const file = (app: number, region: number) => `apps/app-${app}/region-${region}/a.yaml`;

async function monorepo(): Promise<FleetWorld> {
  const world = new FleetWorld();
  world.source.commit('main', {
    'plumbline/clusters.yaml': numbers(CLUSTERS).map(clusterOf).join('---\n'),
    'plumbline/applications.yaml': numbers(APPLICATIONS).map(applicationOf).join('---\n'),
    ...Object.fromEntries(
      numbers(APPLICATIONS).flatMap((app) =>
        numbers(REGIONS).map((region) => [file(app, region), configMap('a', '1')]),
      ),
    ),
  });
  await world.plan();
  for (let asked = 1; asked > 0; ) asked = (await world.render()).length;
  await world.plan();
  await world.wokenClusters();
  return world;
}

/** Counts what is called while `act` runs. */
async function countCalls(world: FleetWorld, act: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  const { blobs, state } = world;
  const counts = new Map(['has', 'read', 'write', 'writeDesired'].map((call) => [call, 0]));
  const count = (call: string) => counts.set(call, (counts.get(call) ?? 0) + 1);
  const originals = { has: blobs.has, read: blobs.read, write: blobs.write, writeDesired: state.writeDesired };
  blobs.has = (key) => {
    count('has');
    return originals.has.call(blobs, key);
  };
  blobs.read = (key) => {
    count('read');
    return originals.read.call(blobs, key);
  };
  blobs.write = (key, content) => {
    count('write');
    return originals.write.call(blobs, key, content);
  };
  state.writeDesired = (fleet, cluster, desired) => {
    count('writeDesired');
    return originals.writeDesired.call(state, fleet, cluster, desired);
  };
  try {
    await act();
  } finally {
    const { writeDesired, ...ofBlobs } = originals;
    Object.assign(blobs, ofBlobs);
    state.writeDesired = writeDesired;
  }
  return Object.fromEntries(counts);
}

describe('a commit in a monorepo of 500 applications for 50 clusters', () => {
  let world: FleetWorld;
  before(async () => {
    world = await monorepo();
  });

  it('asks for one rendering and wakes the ten clusters that use it, where it touches one application', async () => {
    world.source.commit('main', { [file(7, 3)]: configMap('a', '2') });

    const asked = await countCalls(world, () => world.plan());
    assert.deepEqual(await world.render(), ['app-7 in cluster-3']);
    const written = await countCalls(world, () => world.plan());

    assert.deepEqual(
      await world.wokenClusters(),
      numbers(10)
        .map((n) => `cluster-${n * REGIONS + 3}`)
        .sort(),
    );
    // The ten that it concerns are read, and what is new is asked after: not what all the others are made of.
    assert.ok((asked.read ?? 0) <= 15, `${asked.read} reads`);
    assert.ok((asked.has ?? 0) <= 5, `${asked.has} questions`);
    // Ten desired states, whose 500 renderings are looked through once for objects that two of them declare.
    assert.ok((written.read ?? 0) <= 10 + APPLICATIONS + 5, `${written.read} reads`);
    assert.ok((written.has ?? 0) <= 15, `${written.has} questions`);
    assert.equal(written.writeDesired, 10);
  });

  it('reads, writes and wakes nothing, where it touches no application', async () => {
    world.source.commit('main', { 'README.md': 'hello\n' });

    const { has, read, write, writeDesired } = await countCalls(world, () => world.plan());

    assert.deepEqual(await world.wokenClusters(), []);
    assert.deepEqual(await world.render(), []);
    // The list of commits is kept for people, and each cluster is told which commit it is true to.
    assert.deepEqual({ has, read, write, writeDesired }, { has: 1, read: 1, write: 1, writeDesired: CLUSTERS });
  });

  it('is looked for again and again at no cost but that', async () => {
    assert.deepEqual(await countCalls(world, () => world.plan()), { has: 0, read: 0, write: 0, writeDesired: 0 });
  });
});
