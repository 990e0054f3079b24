import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readJsonBlob, writeContentBlob } from '../../../../shared/job/blob-json.ts';
import { keyOfObject, keyOfPlace } from '../../../../shared/model/gathered.ts';
import type { FoundValue, GatheredFor, GatherRequest } from '../../../../shared/model/gathering.ts';
import { canonicalJson } from '../../../../shared/model/json-text.ts';
import { formatProblem } from '../../../../shared/model/problem.ts';
import { decodeInput } from '../../../../shared/render/input.ts';
import { application, CLUSTERS, configMap, FleetWorld } from './fleet-world.ts';

const PASSWORD = { from: 'secret', namespace: 'default', name: 'web', key: 'values.yaml' } as const;
const HOST = { from: 'ssmParameter', name: '/web/host' } as const;

const chart = (name: string, helm: string, more = '') =>
  application(name, `source: {path: apps/${name}}, render: {helm: {${helm}}}${more}`);
const FROM_SECRET = 'valuesFrom: [{secret: {name: web}}]';
const CHART = {
  'apps/web/Chart.yaml': 'apiVersion: v2\nkind: Chart\nmetadata: {name: web}\nname: web\nversion: 1.0.0\n',
};
const text = (of: string, isSecret = true): FoundValue => ({ found: 'text', text: of, isSecret });

/** A fleet of two clusters with `db`, which is told nothing, and `web`. */
function worldOf(web: string): FleetWorld {
  const world = new FleetWorld();
  world.source.commit('main', {
    'plumbline/clusters.yaml': CLUSTERS,
    'plumbline/db.yaml': application('db'),
    'apps/db/db.yaml': configMap('db', '1'),
    'plumbline/web.yaml': web,
    ...CHART,
  });
  return world;
}

/** What a run of the cluster would leave. */
async function gather(world: FleetWorld, cluster: string, told: Partial<GatheredFor>): Promise<string> {
  const gathered = await writeContentBlob(world.blobs, 'gathered', [
    { application: 'web', values: {}, objects: {}, ...told },
  ]);
  await world.state.wake({ kind: 'cluster', fleet: 'shop', cluster });
  await world.recordRun(cluster, { gathered });
  return gathered;
}

const tellPassword = (world: FleetWorld, cluster: string, value: FoundValue) =>
  gather(world, cluster, { values: { [keyOfPlace(PASSWORD)]: value } });

async function problemsOf(world: FleetWorld, cluster: string): Promise<readonly string[]> {
  const { applications, unavailable } = await world.desired(cluster);
  const held = applications.flatMap(({ heldBack }) => (heldBack?.reason === 'failed' ? heldBack.problems : []));
  return [...held, ...unavailable.flatMap(({ problems }) => problems)].map(formatProblem);
}

describe('what renderings are told of their cluster', () => {
  it('is asked for in the desired state, and of no cluster where nothing is referred to', async () => {
    const lookup = 'lookup: [{apiVersion: v1, kind: Service, namespace: web, name: api}]';
    const world = worldOf(chart('web', `${FROM_SECRET}, ${lookup}`, ', namespace: shop, serviceAccount: reader'));
    await world.settle();

    const { gather: asked } = await world.desired('prod');
    world.source.commit('main', { 'plumbline/web.yaml': undefined });
    await world.settle();

    assert.deepEqual(asked, [
      {
        application: 'web',
        serviceAccount: 'shop/reader',
        places: [{ ...PASSWORD, namespace: 'shop' }],
        objects: [{ apiVersion: 'v1', kind: 'Service', namespace: 'web', name: 'api' }],
      },
    ] satisfies readonly GatherRequest[]);
    assert.equal('gather' in (await world.desired('prod')), false);
  });

  it('is asked for and waited for where it fills in variables of plain manifests', async () => {
    const place = { from: 'secret', namespace: 'default', name: 'web' } as const;
    const from = '{substitute: {from: [{secret: {name: web}}]}}';
    const world = worldOf(application('web', `source: {path: apps/plain}, render: ${from}`));
    world.source.commit('main', { 'apps/plain/a.yaml': configMap('plain', '1') });
    await world.settle();
    const before = await world.desired('prod');

    const entries = { found: 'entries', entries: { A: 'x' }, isSecret: true } as const;
    for (const cluster of ['prod', 'staging']) {
      await gather(world, cluster, { values: { [keyOfPlace(place)]: entries } });
    }
    await world.settle();
    const after = await world.desired('prod');

    assert.deepEqual(before.gather?.[0]?.places, [place]);
    assert.deepEqual(before.unavailable, [{ name: 'web', problems: [] }]);
    assert.deepEqual(
      after.applications.map(({ name }) => name),
      ['db', 'web'],
    );
  });

  it('is waited for: the other applications go on, and the cluster is woken to gather it', async () => {
    const world = worldOf(chart('web', FROM_SECRET));
    await world.settle();
    await world.wokenClusters();

    await world.plan();

    const { applications, unavailable } = await world.desired('prod');
    assert.deepEqual(
      applications.map(({ name }) => name),
      ['db'],
    );
    assert.deepEqual(unavailable, [{ name: 'web', problems: [] }]);
    assert.deepEqual(await world.wokenClusters(), ['prod', 'staging']);
  });

  it('is rendered once where two clusters hold the same, and twice where they differ', async () => {
    const world = worldOf(chart('web', FROM_SECRET));
    await world.settle();
    for (const cluster of ['prod', 'staging']) await tellPassword(world, cluster, text('password: a'));
    await world.plan();
    const same = await world.render();

    await tellPassword(world, 'staging', text('password: b'));
    await world.plan();
    const differing = await world.render();
    await world.plan();

    assert.deepEqual([same.length, differing], [1, ['web in staging']]);
    const [prod, staging] = await Promise.all(['prod', 'staging'].map((one) => world.desired(one)));
    const digests = [prod, staging].map((one) => one?.applications.find(({ name }) => name === 'web')?.inputDigest);
    assert.equal(new Set(digests).size, 2);
  });

  it('stands in the sealed input and in no digest', async () => {
    const world = worldOf(chart('web', FROM_SECRET));
    await world.settle();
    for (const cluster of ['prod', 'staging']) await tellPassword(world, cluster, text('password: a'));
    await world.plan();
    const [nudge] = (await world.nudges()).filter(({ kind }) => kind === 'render');
    const input = decodeInput((nudge?.kind === 'render' && (await world.blobs.read(nudge.input))) || new Uint8Array());

    assert.deepEqual(input.gathered, { values: { [keyOfPlace(PASSWORD)]: text('password: a') }, objects: {} });
    assert.equal(input.facts.gathered, world.blobs.digest(canonicalJson(input.gathered)));
  });

  it('holds the application back with its last state where it is missing, and says what to do', async () => {
    const world = worldOf(chart('web', FROM_SECRET));
    await world.settle();
    await tellPassword(world, 'prod', text('password: a'));
    await world.settle();
    const before = (await world.desired('prod')).applications.find(({ name }) => name === 'web');

    await tellPassword(world, 'prod', { found: 'nothing', missing: 'it does not exist' });
    await world.plan();

    const after = (await world.desired('prod')).applications.find(({ name }) => name === 'web');
    assert.ok(before !== undefined);
    assert.deepEqual([after?.inputDigest, after?.heldBack?.reason], [before.inputDigest, 'failed']);
    assert.deepEqual(await problemsOf(world, 'prod'), [
      'Secret/default/web: read for the rendering: it does not exist; make it, correct the reference, or say "optional: true" where it may be missing',
    ]);
  });

  it('may be missing where it is optional', async () => {
    const world = worldOf(chart('web', 'valuesFrom: [{secret: {name: web}, optional: true}]'));
    await world.settle();
    await tellPassword(world, 'prod', { found: 'nothing', missing: 'it does not exist' });
    await world.settle();

    assert.deepEqual(await problemsOf(world, 'prod'), []);
    assert.ok((await world.desired('prod')).applications.some(({ name }) => name === 'web'));
  });

  it('does not count when it was read under another account', async () => {
    const world = worldOf(chart('web', FROM_SECRET));
    await world.settle();
    await tellPassword(world, 'prod', text('password: a'));
    await world.settle();
    world.source.commit('main', { 'plumbline/web.yaml': chart('web', FROM_SECRET, ', serviceAccount: reader') });

    await world.plan();
    const [held] = (await world.desired('prod')).applications.filter(({ name }) => name === 'web');

    assert.equal(held?.heldBack?.reason, 'rendering');
  });

  it('is gathered anew when its blob is lost', async () => {
    const world = worldOf(chart('web', FROM_SECRET));
    await world.settle();
    await world.recordRun('prod', { gathered: 'gathered/lost' });
    await world.wokenClusters();

    await world.plan();

    assert.ok((await world.wokenClusters()).includes('prod'));
  });

  it('are the objects that templates may look up, none where there is none', async () => {
    const world = worldOf(chart('web', 'lookup: [{apiVersion: v1, kind: Service, name: api, namespace: web}]'));
    const key = keyOfObject({ apiVersion: 'v1', kind: 'Service', name: 'api', namespace: 'web' });
    await world.settle();
    await gather(world, 'prod', { objects: { [key]: { found: 'objects', objects: [] } } });
    await world.plan();
    const [nudge] = (await world.nudges()).filter(({ kind }) => kind === 'render');
    const input = decodeInput((nudge?.kind === 'render' && (await world.blobs.read(nudge.input))) || new Uint8Array());

    assert.deepEqual(input.gathered, { values: {}, objects: { [key]: [] } });
  });
});

describe('parameters and outputs that renderings are told', () => {
  const parameter = (name: string, app = name) =>
    chart(app, `valuesFrom: [{ssmParameter: {name: ${name}}, targetPath: host}]`);

  it('are read once a plan, all together, and rendered anew when they change', async () => {
    const world = worldOf(
      chart('web', 'valuesFrom: [{ssmParameter: {name: /web/host}}, {stackOutput: {stack: s, output: O}}]'),
    );
    world.outside.set(HOST, text('host: a', false));
    world.outside.set({ from: 'stackOutput', stack: 's', output: 'O' }, text('port: 1', false));
    await world.settle();
    const calls = world.outside.calls.map((places) => places.length);

    world.outside.set(HOST, text('host: b', false));
    await world.plan();
    const again = await world.render();

    assert.deepEqual(calls, [2, 2]);
    assert.equal(again.length, 1);
    assert.equal('gather' in (await world.desired('prod')), false);
  });

  it('that cannot be read hold back those alone who refer to them', async () => {
    const world = worldOf(parameter('/web/host', 'web'));
    world.source.commit('main', {
      'plumbline/api.yaml': parameter('/api/host', 'api'),
      'apps/api/Chart.yaml': 'apiVersion: v2\nkind: Chart\nmetadata: {name: api}\nname: api\nversion: 1.0.0\n',
    });
    const problem = {
      code: 'Throttled',
      subject: 'parameter /web/host',
      act: 'read',
      wrong: 'slower',
      remedy: '',
    } as const;
    world.outside.set(HOST, { found: 'refused', problem });
    world.outside.set({ from: 'ssmParameter', name: '/api/host' }, text('a'));

    await world.settle();

    const { applications } = await world.desired('prod');
    assert.deepEqual(
      applications.map(({ name }) => name),
      ['api', 'db'],
    );
    assert.deepEqual(await problemsOf(world, 'prod'), ['parameter /web/host: read: slower']);
  });

  it('leave nothing in plain text behind', async () => {
    const world = worldOf(parameter('/web/host', 'web'));
    world.outside.set(HOST, text('hunter2'));
    await world.settle();
    const status = JSON.stringify([await world.status(), await world.state.listClusters('shop'), world.events]);

    assert.ok(!status.includes('hunter2'));
    assert.ok(
      !JSON.stringify(await readJsonBlob(world.blobs, (await world.pointer('prod'))?.blob ?? '')).includes('hunter2'),
    );
  });
});
