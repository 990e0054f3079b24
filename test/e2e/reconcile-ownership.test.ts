import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import { configMap, secret } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

const EMPTY = { web: { objects: '', settings: { sync: { allowEmpty: true } } } };

describe('what belongs to whom', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  beforeEach(async () => {
    await fleet.want(EMPTY);
    await fleet.settle();
  });
  after(() => fleet.close());

  const named = (name: string): ObjectRef => ({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name });
  const foreign = (
    name: string,
    metadata: Partial<KubeObject['metadata']>,
    data: Record<string, string>,
  ): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: fleet.namespace, ...metadata },
    data,
  });
  const uidOf = async (name: string) => (await fleet.read(named(name)))?.metadata.uid;

  it('hands an object from one application to another without deleting it', async () => {
    await fleet.want({ web: { objects: configMap('shared', 'x') + configMap('own', 'x') } });
    await fleet.run();
    const before = await uidOf('shared');
    await fleet.want({ web: { objects: configMap('own', 'x') }, other: { objects: configMap('shared', 'x') } });

    await fleet.run();
    await fleet.run();

    assert.ok(before);
    assert.equal(await uidOf('shared'), before);
    assert.equal((await fleet.status()).sync, 'synced');
  });

  it('rebuilds lost state from the cluster and changes nothing', async () => {
    const wish = { web: { objects: configMap('flags', 'on') + configMap('other', 'x') + secret('token', 'abc') } };
    await fleet.want(wish);
    await fleet.run();
    const before = (await fleet.read(named('flags')))?.metadata.resourceVersion;

    fleet.forget();
    await fleet.want(wish);
    await fleet.run();

    assert.equal((await fleet.read(named('flags')))?.metadata.resourceVersion, before);
    assert.equal((await fleet.status()).sync, 'synced');
    assert.deepEqual((await fleet.applications()).web?.problems, []);
  });

  it('deletes nothing and makes nothing anew when blobs and their key are lost too', async () => {
    const wish = { web: { objects: configMap('flags', 'on') + configMap('other', 'x') } };
    await fleet.want(wish);
    await fleet.run();
    const before = [await uidOf('flags'), await uidOf('other')];

    fleet.forget({ blobs: true });
    await fleet.want(wish);
    await fleet.run();

    assert.deepEqual([await uidOf('flags'), await uidOf('other')], before);
    assert.equal((await fleet.status()).sync, 'synced');
  });

  it('prunes after state was lost, because the cluster says what is ours', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') + configMap('other', 'x') } });
    await fleet.run();

    fleet.forget();
    await fleet.want({ web: { objects: configMap('flags', 'on') } });
    await fleet.run();

    assert.equal(await fleet.read(named('other')), undefined);
  });

  it('never deletes an object that its own annotation asks to ignore', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') + configMap('other', 'x') } });
    await fleet.run();
    const annotation = [{ op: 'add', path: '/metadata/annotations/plumbline.dev~1apply', value: 'ignore' }] as const;
    await fleet.patch(named('other'), annotation, 'kubectl-annotate');
    await fleet.want({ web: { objects: configMap('flags', 'on') } });

    await fleet.run();

    assert.ok(await uidOf('other'));
    assert.equal((await fleet.applications()).web?.sync, 'synced');
    await fleet.patch(named('other'), [{ op: 'remove', path: annotation[0].path }], 'kubectl-annotate');
    await fleet.run();
    assert.equal(await uidOf('other'), undefined);
  });

  it('never deletes an object that only carries our labels', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') } });
    await fleet.run();
    const { labels = {} } = (await fleet.read(named('flags')))?.metadata ?? {};
    await fleet.apply(foreign('copy', { labels }, { value: 'theirs' }), 'someone');

    await fleet.run();

    assert.ok(await fleet.read(named('copy')));
  });

  it('leaves what others made anew as it is where it would end in a conflict', async () => {
    await fleet.want({ web: { objects: configMap('remade', 'ours') } });
    await fleet.run();
    await fleet.remove(named('remade'));
    await fleet.apply(foreign('remade', {}, { value: 'ours', mode: 'theirs' }), 'someone-else');
    const made = await fleet.read(named('remade'));
    await fleet.want({ web: { objects: configMap('remade', 'ours', { mode: 'ours' }) } });

    await fleet.run();

    const [problem] = (await fleet.applications()).web?.problems ?? [];
    assert.equal(problem?.code, 'FieldConflict');
    assert.match(problem?.wrong ?? '', /mode is held by someone-else/);
    assert.equal((await fleet.read(named('remade')))?.metadata.resourceVersion, made?.metadata.resourceVersion);
    await fleet.remove(named('remade'));
  });

  it('refuses to take an object of Helm, and takes it when sync.adopt says so', async () => {
    const release = {
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': 'legacy', 'meta.helm.sh/release-namespace': 'legacy' },
    };
    await fleet.apply(foreign('charted', release, { value: 'theirs' }), 'helm');
    await fleet.want({ web: { objects: configMap('charted', 'ours') } });

    await fleet.run();
    const refused = (await fleet.applications()).web;
    const before = await fleet.read(named('charted'));
    await fleet.want({ web: { objects: configMap('charted', 'ours'), settings: { sync: { adopt: ['helm'] } } } });
    await fleet.run();

    assert.match(refused?.problems[0]?.wrong ?? '', /Helm release legacy\/legacy/);
    assert.deepEqual(before?.data, { value: 'theirs' });
    assert.deepEqual((await fleet.read(named('charted')))?.data, { value: 'ours' });
  });

  it('reports a conflict over a field that another manager holds, and forces it only when told to', async () => {
    await fleet.apply(foreign('contested', {}, { value: 'theirs' }), 'someone-else');
    await fleet.want({ web: { objects: configMap('contested', 'ours') } });

    await fleet.run();
    const [problem] = (await fleet.applications()).web?.problems ?? [];
    const before = await fleet.read(named('contested'));
    await fleet.want({ web: { objects: configMap('contested', 'ours'), settings: { sync: { conflicts: 'force' } } } });
    await fleet.run();

    assert.equal(problem?.code, 'FieldConflict');
    assert.match(problem?.wrong ?? '', /data\.value is held by someone-else/);
    assert.deepEqual(before?.data, { value: 'theirs' });
    assert.deepEqual((await fleet.read(named('contested')))?.data, { value: 'ours' });
  });

  it('refuses to delete more than pruneLimit, and deletes nothing then', async () => {
    const all = ['a', 'b', 'c', 'd'].map((name) => configMap(`m-${name}`, 'x')).join('');
    await fleet.want({ web: { objects: all } });
    await fleet.run();
    await fleet.want({ web: { objects: configMap('m-a', 'x') } });

    await fleet.run();

    assert.equal((await fleet.applications()).web?.problems[0]?.code, 'GuardRefused');
    assert.ok(await fleet.read(named('m-d')));
    await fleet.want({ web: { objects: configMap('m-a', 'x'), settings: { sync: { pruneLimit: '100%' } } } });
    await fleet.run();
    assert.equal(await fleet.read(named('m-d')), undefined);
  });

  it('refuses an empty render', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') } });
    await fleet.run();
    await fleet.want({ web: { objects: '' } });

    await fleet.run();

    assert.equal((await fleet.applications()).web?.problems[0]?.code, 'GuardRefused');
    assert.ok(await fleet.read(named('flags')));
  });

  it('prunes nothing while an application is still being rendered or failed', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') + configMap('other', 'x') } });
    await fleet.run();
    const unavailable = [{ name: 'late', problems: [] }];
    await fleet.want({ web: { objects: configMap('flags', 'on') } }, { unavailable });

    await fleet.run();
    const meanwhile = await uidOf('other');
    await fleet.want({ web: { objects: configMap('flags', 'on') } });
    await fleet.run();

    assert.ok(meanwhile);
    assert.equal(await uidOf('other'), undefined);
  });

  it('writes nothing to a suspended application, and deletes nothing of it', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') + configMap('other', 'x') } });
    await fleet.run();
    await fleet.want({ web: { objects: configMap('flags', 'off'), settings: { suspend: true } } });

    await fleet.run();

    assert.deepEqual((await fleet.read(named('flags')))?.data, { value: 'on' });
    assert.ok(await uidOf('other'));
    assert.equal((await fleet.applications()).web?.suspend, true);
  });

  it('never tells the value of a Secret, and heals it all the same', async () => {
    await fleet.want({ web: { objects: secret('token', 'very-secret') } });
    await fleet.run();
    const token = { group: '', kind: 'Secret', namespace: fleet.namespace, name: 'token' };
    await fleet.patch(token, [{ op: 'replace', path: '/data/value', value: 'ZWRpdGVk' }], 'kubectl-edit');

    await fleet.run();

    const value = Buffer.from('very-secret').toString('base64');
    assert.deepEqual((await fleet.read(token))?.data, { value });
    const told = JSON.stringify([await fleet.lastRun(), fleet.events, await fleet.status()]);
    assert.equal((await fleet.lastRun())?.drift[0]?.fields[0]?.manager, 'kubectl-edit');
    for (const secretText of ['very-secret', value, 'ZWRpdGVk']) assert.ok(!told.includes(secretText));
  });
});
