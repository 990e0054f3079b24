/** Whose fields are whose: server-side apply and JSON patches. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import {
  accepted,
  type ClusterHarness,
  containerNames,
  OURS,
  ownedBy,
  pastTheSecond,
  pathOf,
  refused,
  THEIRS,
} from './cluster-harness.ts';

export function testOwnership(harness: ClusterHarness): void {
  const { namespace, configMap, configMapRef, deployment } = harness;

  it('creates what is missing and says so; the same again leaves version and time as they are', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');

    const first = accepted(await cluster.apply(path, configMap('same', { a: '1' }, { app: 'x' }), OURS));
    await pastTheSecond(first.object);
    const second = accepted(await cluster.apply(path, configMap('same', { a: '1' }, { app: 'x' }), OURS));

    assert.deepEqual([first.created, second.created], [true, false]);
    assert.deepEqual(second.object.metadata, first.object.metadata);
    const entry = first.object.metadata.managedFields?.find(({ manager }) => manager === OURS.fieldManager);
    assert.equal(entry?.operation, 'Apply');
    assert.deepEqual(entry.fieldsV1, { 'f:data': { 'f:a': {} }, 'f:metadata': { 'f:labels': { 'f:app': {} } } });
    assert.deepEqual([second.object.apiVersion, second.object.kind], ['v1', 'ConfigMap']);
  });

  it('removes a field that is applied no more, and leaves the fields of others', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    await cluster.apply(path, configMap('shared', { ours: '1', dropped: '1' }), OURS);
    await cluster.apply(path, configMap('shared', { theirs: '1' }), THEIRS);

    const { object } = accepted(await cluster.apply(path, configMap('shared', { ours: '2' }), OURS));

    assert.deepEqual(object.data, { ours: '2', theirs: '1' });
  });

  it('keeps items of a keyed list that others applied', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'Deployment');
    await cluster.apply(path, deployment('keyed', 'keyed', { replicas: 0 }), OURS);
    const sidecar: KubeObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'keyed', namespace },
      spec: { template: { spec: { containers: [{ name: 'sidecar', image: 'example.com/b:1' }] } } },
    };

    const added = accepted(await cluster.apply(path, sidecar, THEIRS));
    const again = accepted(await cluster.apply(path, deployment('keyed', 'keyed', { replicas: 0 }), OURS));

    assert.deepEqual(containerNames(added.object), ['main', 'sidecar']);
    assert.deepEqual(containerNames(again.object), ['main', 'sidecar']);
    assert.equal(again.object.metadata.generation, added.object.metadata.generation);
  });

  it('refuses to take a field from another manager, and names the field and its owner', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    await cluster.apply(path, configMap('conflict', { a: '1' }), THEIRS);

    const refusal = refused(await cluster.apply(path, configMap('conflict', { a: '2' }), OURS));

    assert.deepEqual([refusal.status, refusal.reason], [409, 'Conflict']);
    assert.deepEqual(
      refusal.causes.map(({ reason, field }) => ({ reason, field })),
      [{ reason: 'FieldManagerConflict', field: '.data.a' }],
    );
    assert.match(refusal.causes[0]?.message ?? '', /"someone-else"/);
  });

  it('takes the field by force, and the other owns it no more', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    await cluster.apply(path, configMap('force', { a: '1', b: '1' }), THEIRS);

    const { object } = accepted(await cluster.apply(path, configMap('force', { a: '2' }), { ...OURS, force: true }));

    assert.deepEqual(object.data, { a: '2', b: '1' });
    assert.deepEqual(ownedBy(object, THEIRS.fieldManager), { 'f:data': { 'f:b': {} } });
  });

  it('changes a value by JSON patch, and the field belongs to whoever did it', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    await cluster.apply(path, configMap('patched', { a: '1', b: '1' }), OURS);

    const object = accepted(
      await cluster.patch(
        path,
        configMapRef('patched'),
        [
          { op: 'test', path: '/data/a', value: '1' },
          { op: 'replace', path: '/data/a', value: '2' },
          { op: 'remove', path: '/data/b' },
          { op: 'add', path: '/metadata/labels', value: { 'a/b': '1' } },
          { op: 'replace', path: '/metadata/labels/a~1b', value: '2' },
        ],
        { fieldManager: 'editor' },
      ),
    );

    assert.deepEqual(object.data, { a: '2' });
    assert.deepEqual(object.metadata.labels, { 'a/b': '2' });
    assert.match(JSON.stringify(ownedBy(object, 'editor')), /"f:data":\{"f:a":\{\}\}.*"f:a\/b"/);
    const conflict = refused(await cluster.apply(path, configMap('patched', { a: '1' }), OURS));
    assert.match(conflict.causes[0]?.message ?? '', /"editor"/);
  });
}
