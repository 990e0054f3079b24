/** What a cluster that cannot be used does to a fleet: it is told, the others never notice, and it catches up. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FileChanges } from '../contract/source-repository.ts';
import { callApi } from '../controlplane/call-api.ts';
import { sharedCluster } from '../controlplane/shared-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';
import { badInputLab } from './bad-input/bad-input-lab.ts';
import { changedFiles, clusterYaml, firstFiles } from './bad-input/fleet-files.ts';
import { type Access, startSpareCluster, writeKubeconfig } from './bad-input/spare-cluster.ts';

const ALL = ['*'];
const BASICS = { apiGroups: [''], resources: ['namespaces'], verbs: ALL };
const USERS = [
  { user: 'nobody', rules: [] },
  {
    user: 'no-list',
    rules: [BASICS, { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'patch', 'delete'] }],
  },
  {
    user: 'no-secrets',
    rules: [
      { apiGroups: [''], resources: ['namespaces', 'configmaps'], verbs: ALL },
      { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] },
    ],
  },
  {
    user: 'no-delete',
    rules: [
      { apiGroups: [''], resources: ['namespaces', 'configmaps'], verbs: ALL },
      { apiGroups: [''], resources: ['services'], verbs: ['get', 'list', 'create', 'patch'] },
    ],
  },
  { user: 'no-services', rules: [{ apiGroups: [''], resources: ['namespaces', 'configmaps'], verbs: ALL }] },
];

const SECRET = 'apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData: {value: secret}\n';
const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n';

interface Case {
  readonly name: string;
  readonly access: Access;
  /** The cluster's one problem; `SERVER` stands for its address, `KUBECONFIG` for the path of its kubeconfig. */
  readonly says: string;
}

const CASES: readonly Case[] = [
  {
    name: 'a wrong token',
    access: { token: 'of-yesterday' },
    says: 'CredentialsExpired spare: discover: SERVER does not accept the credentials (HTTP 401); renew the token or certificate of this context',
  },
  {
    name: 'an address where nothing answers',
    access: { server: 'https://127.0.0.1:1' },
    says: 'ClusterUnreachable spare: discover: https://127.0.0.1:1 refuses connections; check that the API server runs and listens there',
  },
  {
    name: 'a context that its kubeconfig does not have',
    access: { context: 'other' },
    says: 'ConfigInvalid spare: read kubeconfig: context spare is not in KUBECONFIG; choose one of: other',
  },
  {
    name: 'a user without any right',
    access: { token: 'token-of-nobody' },
    says: 'Forbidden spare: read the identity of the cluster: namespaces "kube-system" is forbidden: User "nobody" cannot get resource "namespaces" in API group "" in the namespace "kube-system"; allow `get` on the namespace kube-system: its uid is what tells one cluster from another',
  },
  {
    name: 'a user who may not list',
    access: { token: 'token-of-no-list' },
    says: `Forbidden spare: read the anchor and the ApplySet parents: configmaps is forbidden: User "no-list" cannot list resource "configmaps" in API group "" at the cluster scope; give Plumbline's role in this cluster the right that is named: \`plumbline rbac\` prints it`,
  },
];

const WITHOUT_SERVICE: FileChanges = { 'apps/web/service.yaml': undefined };
const WITHOUT_WEB: FileChanges = { ...WITHOUT_SERVICE, 'plumbline/web.yaml': undefined };
const GIVE = "give Plumbline's role in this cluster the right that is named: `plumbline rbac` prints it";
const NOT_LISTED = `Forbidden Service/*: list: services is forbidden: User "no-services" cannot list resource "services" in API group "" at the cluster scope; ${GIVE}`;
const NOT_DELETED =
  'Forbidden Service/NAMESPACE/web: prune: Plumbline may not delete services in namespace NAMESPACE; allow `delete` on services in namespace NAMESPACE';

/** What leaves Git while the right to follow is missing is remembered until it is given. */
const LEAVING: readonly {
  readonly name: string;
  readonly files: FileChanges;
  readonly token: string;
  readonly says: string;
}[] = [
  {
    name: 'does not forget an object that left Git while its kind cannot be listed',
    files: WITHOUT_SERVICE,
    token: 'token-of-no-services',
    says: NOT_LISTED,
  },
  {
    name: 'does not forget an application that left Git while the kind of its objects cannot be listed',
    files: WITHOUT_WEB,
    token: 'token-of-no-services',
    says: NOT_LISTED,
  },
  {
    name: 'tells of an object that left Git and may not be deleted',
    files: WITHOUT_SERVICE,
    token: 'token-of-no-delete',
    says: NOT_DELETED,
  },
  {
    name: 'tells of an application that left Git and whose object may not be deleted',
    files: WITHOUT_WEB,
    token: 'token-of-no-delete',
    says: NOT_DELETED,
  },
];

describe('a cluster of a fleet', () => {
  let target: TestCluster;
  let spare: TestCluster;
  let folder: string;
  before(async () => {
    [target, spare] = await Promise.all([sharedCluster(), startSpareCluster(USERS)]);
    folder = await mkdtemp(join(tmpdir(), 'plumbline-bad-cluster-'));
  });
  after(async () => {
    await spare.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const { name, access, says } of CASES) {
    it(`with ${name} keeps what it has, hinders no other, and catches up when that is mended`, async (t) => {
      const lab = await badInputLab();
      t.after(() => lab.close());
      const kubeconfigPath = join(folder, `${lab.fleet}.json`);
      await writeKubeconfig(kubeconfigPath, spare);
      const first = firstFiles({ cluster: target, namespace: lab.namespace });

      const good = await lab.bring('good', {
        ...first,
        'plumbline/spare.yaml': clusterYaml('spare', { kubeconfigPath, context: 'spare' }),
      });
      const before = await lab.objects(spare);
      await writeKubeconfig(kubeconfigPath, spare, access);
      const bad = await lab.bring('while it is broken', changedFiles('2'));
      const [there, here] = [await lab.objects(spare), await lab.objects(target)];
      await writeKubeconfig(kubeconfigPath, spare);
      const mended = await lab.look();
      const after = await lab.objects(spare);

      assert.deepEqual(good.problems, []);
      assert.equal(good.clusters.spare?.sync, 'synced');
      assert.deepEqual(bad.problems, [says.replace('SERVER', spare.server).replace('KUBECONFIG', kubeconfigPath)]);
      assert.deepEqual([bad.clusters.spare?.sync, bad.clusters.target?.sync], ['unknown', 'synced']);
      assert.deepEqual(there, before);
      assert.deepEqual(valuesOf(here), { other: '2', web: '2' });
      assert.deepEqual(mended.problems, []);
      assert.deepEqual([mended.clusters.spare?.sync, mended.clusters.spare?.failures], ['synced', 0]);
      assert.equal(mended.clusters.spare?.unreachableSinceMs, undefined);
      assert.deepEqual(valuesOf(after), { other: '2', web: '2' });
    });
  }

  it('that refuses one object for want of a right gets all others, and that one when the right is given', async (t) => {
    const lab = await badInputLab();
    t.after(() => lab.close());
    const kubeconfigPath = join(folder, `${lab.fleet}.json`);
    await writeKubeconfig(kubeconfigPath, spare);
    await lab.bring('good', firstFiles({ cluster: { kubeconfigPath, context: 'spare' }, namespace: lab.namespace }));

    await writeKubeconfig(kubeconfigPath, spare, { token: 'token-of-no-secrets' });
    const bad = await lab.bring('with a Secret', { ...changedFiles('2'), 'apps/web/secret.yaml': SECRET });
    const during = await lab.objects(spare);
    await writeKubeconfig(kubeconfigPath, spare);
    const mended = await lab.look();

    assert.deepEqual(bad.problems, [
      `Forbidden Secret/${lab.namespace}/web: apply: Plumbline may not patch and create secrets in namespace ${lab.namespace}; allow \`patch\` and \`create\` on secrets in namespace ${lab.namespace}; \`plumbline rbac --application web\` prints the rule`,
    ]);
    assert.deepEqual(valuesOf(during), { other: '2', 'other-old': '1', web: '2', 'web-old': '1' });
    assert.deepEqual(mended.problems, []);
    assert.equal(await statusOf(spare, `/api/v1/namespaces/${lab.namespace}/secrets/web`), 200);
    assert.deepEqual(valuesOf(await lab.objects(spare)), { other: '2', web: '2' });
  });

  for (const { name, files, token, says } of LEAVING) {
    it(name, async (t) => {
      const lab = await badInputLab();
      t.after(() => lab.close());
      const kubeconfigPath = join(folder, `${lab.fleet}.json`);
      const service = `/api/v1/namespaces/${lab.namespace}/services/web`;
      await writeKubeconfig(kubeconfigPath, spare);
      const first = firstFiles({ cluster: { kubeconfigPath, context: 'spare' }, namespace: lab.namespace });
      await lab.bring('good', { ...first, 'apps/web/old.yaml': undefined, 'apps/web/service.yaml': SERVICE });

      await writeKubeconfig(kubeconfigPath, spare, { token });
      const bad = await lab.bring('without it', { ...changedFiles('2'), ...files });
      const again = await lab.look();
      const during = await statusOf(spare, service);
      await writeKubeconfig(kubeconfigPath, spare);
      const mended = await lab.look();

      for (const seen of [bad, again]) {
        assert.deepEqual(seen.problems, [says.replaceAll('NAMESPACE', lab.namespace)]);
        assert.equal(seen.clusters.target?.sync, 'out-of-sync');
      }
      assert.equal(during, 200);
      assert.deepEqual(mended.problems, []);
      assert.equal(mended.clusters.target?.sync, 'synced');
      assert.equal(await statusOf(spare, service), 404);
    });
  }
});

async function statusOf(cluster: TestCluster, path: string): Promise<number> {
  return (await callApi(cluster, { path })).status;
}

function valuesOf(objects: Readonly<Record<string, { readonly value: string | undefined }>>) {
  return Object.fromEntries(Object.entries(objects).map(([name, { value }]) => [name, value]));
}
