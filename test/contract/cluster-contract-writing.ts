/** What a write checks, and what it leaves. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import { PROPAGATIONS } from '../../shared/model/object-policy.ts';
import { accepted, type ClusterHarness, OURS, pathOf, refused, uidOf } from './cluster-harness.ts';

export function testWriting(harness: ClusterHarness): void {
  const { configMap, configMapRef, deployment } = harness;

  it('writes nothing in a dry run, and shows what would be', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    const before = accepted(await cluster.apply(path, configMap('dry', { a: '1' }), OURS));

    const created = accepted(await cluster.apply(path, configMap('dry-new', {}), { ...OURS, dryRun: true }));
    const changed = accepted(await cluster.apply(path, configMap('dry', { a: '2' }), { ...OURS, dryRun: true }));
    const kept = await cluster.delete(path, configMapRef('dry'), { uid: uidOf(before.object), dryRun: true });

    assert.equal(created.created, true);
    assert.equal(refused(await cluster.get(path, configMapRef('dry-new'))).status, 404);
    assert.deepEqual(changed.object.data, { a: '2' });
    assert.equal(kept.ok, true);
    assert.deepEqual(accepted(await cluster.get(path, configMapRef('dry'))).data, { a: '1' });
  });

  it('refuses a field that the schema does not know as the fault of the object', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    const { data, ...rest } = configMap('strict', {});

    const refusal = refused(await cluster.apply(path, { ...rest, dat: { a: '1' } }, OURS));

    assert.equal(refusal.status, 400);
    assert.match(refusal.message, /\.dat: field not declared in schema/);
  });

  it('refuses to change an immutable field, and names it', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'Deployment');
    await cluster.apply(path, deployment('immutable', 'one', { replicas: 0 }), OURS);

    const refusal = refused(await cluster.apply(path, deployment('immutable', 'two', { replicas: 0 }), OURS));

    assert.deepEqual([refusal.status, refusal.reason], [422, 'Invalid']);
    assert.equal(refusal.causes[0]?.field, 'spec.selector');
    assert.match(refusal.causes[0].message, /immutable/);
  });

  it('counts the generation of a workload up when its spec changes, and only then', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'Deployment');
    const generationOf = async (object: KubeObject) =>
      accepted(await cluster.apply(path, object, OURS)).object.metadata.generation;
    const labelled = deployment('generation', 'g', { replicas: 0, paused: true });

    const generations = [
      await generationOf(deployment('generation', 'g', { replicas: 0 })),
      await generationOf(labelled),
      await generationOf({ ...labelled, metadata: { ...labelled.metadata, labels: { a: 'b' } } }),
    ];

    assert.deepEqual(generations, [1, 2, 2]);
  });

  it('refuses a JSON patch whose test does not hold', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    await cluster.apply(path, configMap('tested', { a: '1' }), OURS);

    const operations = [{ op: 'test', path: '/data/a', value: '2' } as const];
    const refusal = refused(await cluster.patch(path, configMapRef('tested'), operations, { fieldManager: 'editor' }));

    assert.equal(refusal.status, 422);
  });

  it('deletes an object only as it was read, where that is asked for', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    const { object } = accepted(await cluster.apply(path, configMap('as-read', {}), OURS));
    const later = accepted(await cluster.apply(path, configMap('as-read', { changed: 'x' }), OURS)).object;
    const ref = configMapRef('as-read');
    const deleteAs = ({ metadata: { resourceVersion = '' } }: KubeObject) =>
      cluster.delete(path, ref, { uid: uidOf(object), resourceVersion });

    const stale = refused(await deleteAs(object));
    const mine = await deleteAs(later);

    assert.equal(stale.status, 409);
    assert.equal(mine.ok, true);
  });

  it('deletes only the object of that uid; what is gone already is fine', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    const { object } = accepted(await cluster.apply(path, configMap('deleted', {}), OURS));
    const ref = configMapRef('deleted');

    const other = refused(await cluster.delete(path, ref, { uid: '11111111-2222-4333-8444-555555555555' }));
    const stillThere = await cluster.get(path, ref);
    const mine = await cluster.delete(path, ref, { uid: uidOf(object) });
    const again = await cluster.delete(path, ref, { uid: uidOf(object) });

    assert.equal(other.status, 409);
    assert.deepEqual([stillThere.ok, mine.ok, again.ok], [true, true, true]);
    assert.equal(refused(await cluster.get(path, ref)).status, 404);
  });

  for (const propagation of PROPAGATIONS) {
    it(`deletes with ${propagation} propagation`, async () => {
      const { cluster } = harness;
      const path = await pathOf(cluster, 'ConfigMap');
      const ref = configMapRef(`deleted-${propagation}`);
      const { object } = accepted(await cluster.apply(path, configMap(ref.name, {}), OURS));

      const deleted = await cluster.delete(path, ref, { uid: uidOf(object), propagation });

      assert.equal(deleted.ok, true);
      // The garbage collector has the last word wherever it is asked for more than background.
      const left = await cluster.get(path, ref);
      if (left.ok) assert.ok(propagation !== 'background' && left.value.metadata.deletionTimestamp !== undefined);
    });
  }

  it('marks an object with a finalizer as being deleted until the finalizer goes', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    const held = configMap('held', {});
    const finalizers = ['plumbline.test/hold'];
    const { object } = accepted(
      await cluster.apply(path, { ...held, metadata: { ...held.metadata, finalizers } }, OURS),
    );

    await cluster.delete(path, configMapRef('held'), { uid: uidOf(object) });
    const deleting = accepted(await cluster.get(path, configMapRef('held')));
    const operations = [{ op: 'remove', path: '/metadata/finalizers' } as const];
    await cluster.patch(path, configMapRef('held'), operations, { fieldManager: 'editor' });

    assert.ok(deleting.metadata.deletionTimestamp);
    assert.equal(refused(await cluster.get(path, configMapRef('held'))).status, 404);
  });

  it('refuses a write to another version of the object than the one that was read', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    const read = accepted(await cluster.apply(path, configMap('raced', { a: '1' }), OURS));
    await cluster.apply(path, configMap('raced', { a: '2' }), OURS);
    const { resourceVersion = '' } = read.object.metadata;
    const late = configMap('raced', { a: '3' });

    const refusal = refused(
      await cluster.apply(path, { ...late, metadata: { ...late.metadata, resourceVersion } }, OURS),
    );

    assert.equal(refusal.status, 409);
    assert.ok(refusal.causes.every(({ reason }) => reason !== 'FieldManagerConflict'));
  });

  it('refuses an object in a namespace that is missing', async () => {
    const { cluster } = harness;
    const object = configMap('homeless', {});
    const elsewhere = { ...object, metadata: { ...object.metadata, namespace: `missing-${harness.suffix}` } };

    const refusal = refused(await cluster.apply(await pathOf(cluster, 'ConfigMap'), elsewhere, OURS));

    assert.equal(refusal.status, 404);
    assert.equal(refusal.message, `namespaces "missing-${harness.suffix}" not found`);
  });

  it('carries every character there and back, and refuses half a one', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    const text = 'é \u0085 \u007f \u009f \u2028 \u2029 \ufffe 😀 "\\ud83d" \t \\/';

    const { object } = accepted(await cluster.apply(path, configMap('characters', { text }), OURS));
    const refusal = refused(await cluster.apply(path, configMap('characters', { text: '\ud83d' }), OURS));

    assert.deepEqual(object.data, { text });
    assert.equal(refusal.status, 400);
  });
}
