/** What a ClusterConnection tells of its cluster. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  accepted,
  type ClusterHarness,
  established,
  OURS,
  ownedBy,
  pathOf,
  refused,
  uidOf,
  widgetCrd,
} from './cluster-harness.ts';

export function testReading(harness: ClusterHarness): void {
  const { namespace, configMap, configMapRef } = harness;

  it('knows what the cluster serves, preferred version first, and how each kind is placed', async () => {
    const { cluster } = harness;
    const { kinds, staleGroups } = await cluster.discover();

    const found = kinds.find(({ group, kind }) => group === 'apps' && kind === 'Deployment');
    assert.equal(found?.resource, 'deployments');
    assert.equal(found.versions[0], 'v1');
    assert.equal(found.namespaced, true);
    assert.ok(found.verbs.includes('list'));
    assert.equal(kinds.find(({ group, kind }) => group === '' && kind === 'Namespace')?.namespaced, false);
    assert.deepEqual(staleGroups, []);
    assert.match(await cluster.kubernetesVersion(), /^v1\.\d+\.\d+/);
  });

  it('sends two requests to discover, and none again until it is asked for fresh', async () => {
    const fresh = await harness.connect();

    await fresh.discover();
    const once = fresh.requests;
    await fresh.discover();
    const again = fresh.requests;
    await fresh.discover({ fresh: true });

    assert.deepEqual([once, again, fresh.requests], [2, 2, 4]);
    await fresh.close();
  });

  it('lists by label across namespaces or in one, with version and kind filled in', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    const labels = { 'plumbline.test/list': harness.suffix };
    await cluster.apply(path, configMap('listed', { a: '1' }, labels), OURS);
    await cluster.apply(path, configMap('unlisted', { a: '1' }), OURS);
    const elsewhere = {
      ...configMap('listed', {}, labels),
      metadata: { name: 'listed', namespace: 'default', labels },
    };
    const { object } = accepted(await cluster.apply(path, elsewhere, OURS));

    const labelSelector = `plumbline.test/list=${harness.suffix}`;
    const everywhere = accepted(await cluster.list(path, { labelSelector }));
    const here = accepted(await cluster.list(path, { labelSelector, namespace }));
    const nowhere = accepted(await cluster.list(path, { labelSelector: 'plumbline.test/list=none' }));

    assert.deepEqual(everywhere.map(({ metadata }) => metadata.namespace).sort(), [namespace, 'default']);
    assert.deepEqual(
      here.map(({ apiVersion, kind, data }) => ({ apiVersion, kind, data })),
      [{ apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } }],
    );
    assert.deepEqual(nowhere, []);
    const ref = { ...configMapRef('listed'), namespace: 'default' };
    await cluster.delete(path, ref, { uid: uidOf(object) });
  });

  it('lists by field', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    await cluster.apply(path, configMap('by-field', {}), OURS);
    await cluster.apply(path, configMap('by-field-not', {}), OURS);

    const found = accepted(await cluster.list(path, { namespace, fieldSelector: 'metadata.name=by-field' }));

    assert.deepEqual(
      found.map(({ metadata }) => metadata.name),
      ['by-field'],
    );
  });

  it('has no log of a Pod that no node has, and answers 404 for one that is not there', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'Pod');
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'silent', namespace } };
    accepted(await cluster.apply(await pathOf(cluster, 'ServiceAccount'), account, OURS));
    const containers = [{ name: 'main', image: 'example.com/a:1' }];
    const spec = { schedulerName: 'nobody', serviceAccountName: 'silent', containers };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'silent', namespace }, spec };
    accepted(await cluster.apply(path, pod, OURS));
    const ref = { group: '', kind: 'Pod', namespace, name: 'silent' };

    const lines = accepted(await cluster.logs(ref, { tailLines: 5 }));
    const refusal = refused(await cluster.logs({ ...ref, name: 'missing' }, { tailLines: 5 }));

    assert.deepEqual(lines, []);
    assert.deepEqual([refusal.status, refusal.reason], [404, 'NotFound']);
  });

  it('gives metadata alone where that is asked for, ownership included', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    const labels = { 'plumbline.test/metadata': harness.suffix };
    await cluster.apply(path, configMap('metadata', { a: '1' }, labels), OURS);

    const labelSelector = `plumbline.test/metadata=${harness.suffix}`;
    const listed = accepted(await cluster.list(path, { labelSelector, metadataOnly: true }));
    const got = accepted(await cluster.get(path, configMapRef('metadata'), { metadataOnly: true }));

    assert.deepEqual(listed, [got]);
    assert.deepEqual([got.apiVersion, got.kind, got.data], ['v1', 'ConfigMap', undefined]);
    assert.ok(ownedBy(got, OURS.fieldManager));
  });

  it('answers 404 for what is not there', async () => {
    const { cluster } = harness;
    const refusal = refused(await cluster.get(await pathOf(cluster, 'ConfigMap'), configMapRef('missing')));

    assert.deepEqual([refusal.status, refusal.reason], [404, 'NotFound']);
  });

  it('learns of a new kind when asked for fresh, and is strict and exact about its fields', async () => {
    const { cluster } = harness;
    const group = `${namespace}.plumbline.test`;
    const path = await pathOf(cluster, 'CustomResourceDefinition');
    const crd = accepted(await cluster.apply(path, widgetCrd(group), OURS)).object;
    await established(cluster, path, crd);

    const stale = (await cluster.discover()).kinds.some((kind) => kind.group === group);
    const fresh = (await cluster.discover({ fresh: true })).kinds.find((kind) => kind.group === group);
    assert.ok(fresh);
    const widget = {
      apiVersion: `${group}/v1`,
      kind: 'Widget',
      metadata: { name: 'w', namespace },
      spec: { size: 9_007_199_254_740_993n },
    };
    const { object } = accepted(await cluster.apply({ kind: fresh, version: 'v1' }, widget, OURS));
    const strict = refused(await cluster.apply({ kind: fresh, version: 'v1' }, { ...widget, colour: 'red' }, OURS));

    assert.deepEqual([stale, fresh.resource, fresh.namespaced], [false, 'widgets', true]);
    assert.equal(strict.status, 400);
    assert.match(strict.message, /\.colour: field not declared in schema/);
    assert.deepEqual(object.spec, { size: 9_007_199_254_740_993n });
    await cluster.delete(
      path,
      { group: path.kind.group, kind: crd.kind, namespace: '', name: crd.metadata.name },
      {
        uid: uidOf(crd),
      },
    );
  });

  it('hands on the warnings of the API server', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'Endpoints');
    const endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'warned', namespace } };

    const result = await cluster.apply(path, endpoints, OURS);

    assert.ok(result.ok);
    assert.match(result.warnings.join(), /^v1 Endpoints is deprecated in v1\.33\+/);
  });

  it('counts its requests', async () => {
    const { cluster } = harness;
    const path = await pathOf(cluster, 'ConfigMap');
    const before = cluster.requests;

    await cluster.get(path, configMapRef('counted'));
    await cluster.apply(path, configMap('counted', {}), OURS);
    await cluster.list(path, { namespace });

    assert.equal(cluster.requests - before, 3);
  });
}
