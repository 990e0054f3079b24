/** What the end of a namespace does to a fleet: it is told, the others go on, and all is made anew when it is gone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callApi } from '../controlplane/call-api.ts';
import { eventually } from '../controlplane/eventually.ts';
import { podsDoNotRun, sharedCluster } from '../controlplane/shared-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';
import { badInputLab } from './bad-input/bad-input-lab.ts';
import { applicationYaml, changedFiles, firstFiles } from './bad-input/fleet-files.ts';

describe('a namespace that is being terminated', () => {
  // Without controllers no namespace ever ends.
  it('holds its application alone, which comes back with a new namespace', { skip: podsDoNotRun }, async (t) => {
    const cluster = await sharedCluster();
    const lab = await badInputLab();
    t.after(() => lab.close());
    const namespace = `${lab.namespace}-ending`;
    const first = firstFiles({ cluster, namespace: lab.namespace });
    await lab.bring('good', { ...first, 'plumbline/web.yaml': applicationYaml('web', namespace) });

    const letGo = await endNamespace(cluster, namespace);
    const bad = await lab.bring('into it', changedFiles('2'));
    const others = await lab.objects(cluster);
    await letGo();
    const mended = await lab.look();

    assert.deepEqual(bad.problems, [
      `NamespaceTerminating ConfigMap/${namespace}/web: apply: configmaps "web" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated; wait until namespace ${namespace} is gone; it is made anew then`,
    ]);
    assert.equal(bad.applications['target/other']?.problems.length, 0);
    assert.deepEqual([others.other?.value, others['other-old']?.value], ['2', '1']);
    assert.deepEqual(mended.problems, []);
    assert.equal(mended.clusters.target?.sync, 'synced');
    assert.equal((await lab.objects(cluster, namespace)).web?.value, '2');
    assert.deepEqual(Object.keys(await lab.objects(cluster)), ['other']);
  });
});

/** Deletes a namespace and waits until it is empty but for one object that holds it; returns how that lets go. */
async function endNamespace(cluster: TestCluster, name: string): Promise<() => Promise<void>> {
  const path = `/api/v1/namespaces/${name}`;
  const metadata = { name: 'holder', finalizers: ['plumbline.test/hold'] };
  await callApi(cluster, { method: 'POST', path: `${path}/configmaps`, body: { metadata } });
  await callApi(cluster, { method: 'DELETE', path });
  await eventually(
    async () => (await callApi(cluster, { path: `${path}/configmaps/web` })).status,
    (status) => status === 404,
  );
  return async () => {
    await callApi(cluster, {
      method: 'PATCH',
      path: `${path}/configmaps/holder`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { finalizers: null } },
    });
    await eventually(
      async () => (await callApi(cluster, { path })).status,
      (status) => status === 404,
    );
  };
}
