/** What goes and what stays when objects and applications leave Git, on a real API server. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { askClusters } from '../../shared/job/ask-clusters.ts';
import { readPeopleRequest } from '../../shared/job/read-people-request.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import { eventually } from '../controlplane/eventually.ts';
import { beforeDelete } from './reconcile/before-delete.ts';
import { configMap, deployment } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

const CLUSTER = 'under-test';
let fleet: FleetUnderTest;
let asked = 0;

beforeEach(async () => {
  fleet = await fleetUnderTest();
});
afterEach(() => fleet.close());

const named = (name: string, kind = 'ConfigMap', group = ''): ObjectRef => ({
  group,
  kind,
  namespace: fleet.namespace,
  name,
});
const parentOf = (application: string): ObjectRef => ({
  group: '',
  kind: 'ConfigMap',
  namespace: 'plumbline-system',
  name: `plumbline-${fleet.fleet}.${application}`,
});

/** A ConfigMap with annotations, and a finalizer of nobody where one is named. */
function marked(name: string, annotations: Readonly<Record<string, string>>, finalizer?: string): string {
  const metadata = { name, annotations, ...(finalizer && { finalizers: [finalizer] }) };
  return `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value: 'x' } })}\n`;
}

function approve(digest: string, application?: string) {
  asked += 1;
  const request = { act: 'approve', cluster: CLUSTER, by: 'ana', refusal: digest, ...(application && { application }) };
  return askClusters(fleet.deps, { fleet: fleet.fleet, request: readPeopleRequest(request), id: `yes-${asked}` });
}

const isThere = async (ref: ObjectRef) => (await fleet.read(ref)) !== undefined;
const there = async (...names: readonly string[]) => Promise.all(names.map((name) => isThere(named(name))));
const release = (ref: ObjectRef) =>
  fleet.patch(ref, [{ op: 'remove', path: '/metadata/finalizers' }], 'its-controller');

describe('an application that leaves Git', () => {
  it('takes its objects along, and its parent goes with the last of them', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') }, api: { objects: configMap('routes', 'x') } });
    await fleet.run();

    await fleet.want({ api: { objects: configMap('routes', 'x') } });
    await fleet.run();

    assert.deepEqual(await there('flags', 'routes'), [false, true]);
    assert.deepEqual([await isThere(parentOf('web')), await isThere(parentOf('api'))], [false, true]);
    assert.deepEqual((await fleet.status()).parents, ['api']);
  });

  it('leaves what asks to stay, and waits for a person where an object asks for one', async () => {
    const objects =
      configMap('plain', 'x') +
      marked('stays', { 'plumbline.dev/prune': 'false' }) +
      marked('asks', { 'argocd.argoproj.io/sync-options': 'Delete=confirm' });
    await fleet.want({ web: { objects }, api: { objects: configMap('routes', 'x') } });
    await fleet.run();
    await fleet.want({ api: { objects: configMap('routes', 'x') } });
    await fleet.run();
    const before = await there('plain', 'stays', 'asks');
    const [problem] = (await fleet.status()).problems;

    await approve(problem?.refusal?.digest ?? '', 'web');
    await fleet.run();

    assert.deepEqual(
      [before, await there('plain', 'stays', 'asks')],
      [
        [false, true, true],
        [false, true, false],
      ],
    );
    assert.match(problem?.wrong ?? '', /ConfigMap\/.*\/asks would be deleted, and asks to be confirmed first/);
    assert.ok(await isThere(parentOf('web')), 'what stays is still accounted for');
    assert.deepEqual((await fleet.status()).problems, []);
  });

  it('leaves everything, unmarked, where it says so; whoever takes it meets no conflict', async () => {
    const objects = configMap('flags', 'on') + marked('stays', { 'plumbline.dev/prune': 'false' }) + deployment('run');
    await fleet.want({ web: { objects, settings: { deletion: 'orphan' } } });
    await fleet.settle();
    const before = await fleet.read(named('flags'));

    await fleet.want({});
    await fleet.run();
    await fleet.run();

    const after = await fleet.read(named('flags'));
    const { labels = {}, annotations = {}, managedFields = [], uid } = after?.metadata ?? {};
    assert.deepEqual([uid, after?.data], [before?.metadata.uid, before?.data]);
    assert.deepEqual([labels, annotations], [{}, {}]);
    assert.deepEqual(
      managedFields.filter(({ manager }) => manager === `plumbline-${fleet.fleet}`),
      [],
    );
    assert.deepEqual(await there('stays'), [true]);
    assert.ok(await isThere(named('run', 'Deployment', 'apps')));
    assert.equal(await isThere(parentOf('web')), false);
    const theirs: KubeObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'flags', namespace: fleet.namespace },
      data: {},
    };
    await fleet.apply(theirs, 'another-tool');
  });

  it('goes after those that depend on it, however long a finalizer of theirs takes; others go on', async () => {
    const held = marked('late', {}, 'plumbline.test/hold');
    const some = (name: string) => ({ objects: configMap(name, 'x') });
    await fleet.want({
      ...{ upstream: some('base'), other: some('free'), kept: some('kept') },
      downstream: { objects: held, settings: { dependsOn: ['upstream'] } },
    });
    await fleet.run();

    // Half of them: more would be asked about.
    await fleet.want({ other: { objects: '', settings: { sync: { allowEmpty: true } } }, kept: some('kept') });
    await fleet.run();
    await fleet.run();
    const during = await there('late', 'base', 'free');
    const held1 = (await fleet.read(named('late')))?.metadata.deletionTimestamp;
    await release(named('late'));
    await fleet.run();
    await fleet.run();

    assert.deepEqual(during, [true, true, false]);
    assert.ok(held1);
    assert.deepEqual(await there('late', 'base'), [false, false]);
    assert.deepEqual((await fleet.status()).parents, ['kept', 'other']);
  });
});

describe('an object that leaves Git', () => {
  it('is held by a finalizer that the report names', async () => {
    const kept = { objects: configMap('a', 'x') + configMap('b', 'x') };
    await fleet.want({ web: { objects: `${kept.objects}${marked('held', {}, 'example.com/drain')}` } });
    await fleet.run();

    await fleet.want({ web: kept });
    await fleet.run();
    await fleet.run();

    const blob = await fleet.deps.blobs.read((await fleet.status()).objects ?? '');
    assert.match(new TextDecoder().decode(blob), /is being deleted since [^"]*, held by example.com\/drain/);
    assert.equal((await fleet.applications()).web?.sync, 'out-of-sync');
    await release(named('held'));
    await fleet.run();
    assert.equal((await fleet.applications()).web?.sync, 'synced');
  });

  it('is not deleted by an old decision when it was made anew', async () => {
    await fleet.want({ web: { objects: configMap('a', 'x') + configMap('b', 'x') } });
    await fleet.run();
    const old = await fleet.read(named('b'));
    await fleet.want({ web: { objects: configMap('a', 'x') } });
    let isAnew = false;
    // Between the look and the deletion: somebody makes it anew, copied with our labels and all.
    const anew = async () => {
      if (isAnew) return;
      isAnew = true;
      await fleet.remove(named('b'));
      const {
        uid: _uid,
        resourceVersion: _version,
        managedFields: _managed,
        ...metadata
      } = old?.metadata ?? { name: 'b' };
      await fleet.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value: 'theirs' } }, 'someone');
    };
    await fleet.runWith({ ...fleet.deps, clusters: beforeDelete(fleet.deps.clusters, anew) });
    await fleet.run();

    assert.ok(isAnew);
    assert.deepEqual((await fleet.read(named('b')))?.data, { value: 'theirs' });
    assert.deepEqual((await fleet.status()).problems, []);
  });

  for (const [what, operations, isSpared] of [
    ['its controller writes to it', [{ op: 'add', path: '/data/status', value: 'x' }], false],
    ['someone asks for it to stay', [annotate('plumbline.dev/prune', 'false')], true],
    ['someone takes our word off it', [{ op: 'replace', path: '/metadata/managedFields', value: [{}] }], true],
  ] as const) {
    it(`${isSpared ? 'spares' : 'deletes'} an object when ${what} between the look and the deletion`, async () => {
      await fleet.want({ web: { objects: configMap('a', 'x') + configMap('b', 'x') } });
      await fleet.run();
      await fleet.want({ web: { objects: configMap('a', 'x') } });
      let times = 0;
      const meddle = async () => {
        if (times++ === 0) await fleet.patch(named('b'), operations, 'someone');
      };

      await fleet.runWith({ ...fleet.deps, clusters: beforeDelete(fleet.deps.clusters, meddle) });

      assert.equal(times, isSpared ? 1 : 2);
      assert.equal((await fleet.read(named('b'))) !== undefined, isSpared);
      assert.deepEqual((await fleet.status()).problems, []);
      if (isSpared) await fleet.remove(named('b'));
    });
  }

  it('goes last where it asks for that, after what other applications lose', async () => {
    const last = marked('gate', { 'argocd.argoproj.io/sync-options': 'PruneLast=true' });
    const keep = configMap('a', 'x') + configMap('b', 'x');
    const held = marked('held', {}, 'example.com/drain');
    await fleet.want({
      web: { objects: keep + last },
      api: { objects: configMap('c', 'x') + configMap('d', 'x') + held },
    });
    await fleet.run();

    await fleet.want({ web: { objects: keep }, api: { objects: configMap('c', 'x') + configMap('d', 'x') } });
    await fleet.run();
    const during = await there('gate');
    await release(named('held'));
    await fleet.run();

    assert.deepEqual([during, await there('gate')], [[true], [false]]);
  });

  it('leaves what it owns behind, where propagation says so', async () => {
    const keep = configMap('a', 'x') + configMap('b', 'x');
    await fleet.want({
      web: { objects: keep + deployment('run', 1), settings: { sync: { prunePropagation: 'orphan' } } },
    });
    await fleet.settle();
    const uid = (await fleet.read(named('run', 'Deployment', 'apps')))?.metadata.uid;
    const owned = async () => ownedBy(uid ?? '');
    await eventually(owned, (found) => found.length === 1);

    await fleet.want({ web: { objects: keep, settings: { sync: { prunePropagation: 'orphan' } } } });
    await eventually(
      async () => {
        await fleet.run();
        return isThere(named('run', 'Deployment', 'apps'));
      },
      (isLeft) => !isLeft,
    );

    const left = await fleet.list({ group: 'apps', kind: 'ReplicaSet' });
    assert.deepEqual(
      left.map(({ metadata }) => metadata.ownerReferences ?? []),
      [[]],
    );
  });

  it('that is declared again while it is being deleted is made again once it is gone', async () => {
    const held = marked('back', {}, 'example.com/drain');
    await fleet.want({ web: { objects: configMap('a', 'x') + configMap('b', 'x') + held } });
    await fleet.run();
    const before = (await fleet.read(named('back')))?.metadata.uid;
    await fleet.remove(named('back'));

    await fleet.run();
    const during = (await fleet.applications()).web;
    await release(named('back'));
    await fleet.run();

    assert.deepEqual([during?.sync, during?.health], ['out-of-sync', 'progressing']);
    const after = (await fleet.read(named('back')))?.metadata;
    assert.ok(after?.uid !== undefined && after.uid !== before && after.deletionTimestamp === undefined);
  });
});

async function ownedBy(uid: string): Promise<readonly KubeObject[]> {
  const all = await fleet.list({ group: 'apps', kind: 'ReplicaSet' });
  return all.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
}

function annotate(key: string, value: string) {
  return { op: 'add', path: `/metadata/annotations/${key.replace('/', '~1')}`, value } as const;
}
