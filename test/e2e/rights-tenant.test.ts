import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { markRequests, requestsSince } from '../controlplane/request-log.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';
import { allow } from './rights/limited-user.ts';

const EVERYTHING_HERE = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'patch', 'delete'] }];

describe('an application with a ServiceAccount of its own', () => {
  let fleet: FleetUnderTest;
  let account: string;
  before(async () => {
    fleet = await fleetUnderTest();
    account = `${fleet.namespace}/deployer`;
    await fleet.want(base());
    await fleet.run();
    await allow(fleet.testCluster, { account, namespace: fleet.namespace, rules: EVERYTHING_HERE });
  });
  after(() => fleet.close());

  /** Enough that one application more or less is nothing for the guard against removals. */
  const base = () => ({
    base: { objects: serviceAccount('deployer') },
    web: { objects: configMap('flags', 'on') },
    api: { objects: configMap('routes', '1') },
  });
  const tenant = (objects: string, more: object = {}) => ({
    shop: { objects, settings: { serviceAccount: account, ...more } },
  });
  const ref = (name: string, namespace = fleet.namespace) => ({ group: '', kind: 'ConfigMap', namespace, name });

  it('is written as that account, and every line of the audit log names account and application', async () => {
    await fleet.want({ ...base(), ...tenant(configMap('prices', '1')) });
    const mark = await markRequests(fleet.testCluster);

    await fleet.run();

    const { shop } = await fleet.applications();
    assert.equal(shop?.sync, 'synced', JSON.stringify(shop?.problems));
    const requests = await requestsSince(fleet.testCluster, mark, { userAgent: `plumbline/` });
    const ours = requests.filter(({ userAgent }) => userAgent.includes(fleet.fleet));
    const writes = ours.filter(({ verb, path }) => verb === 'patch' && path.endsWith('/prices'));
    assert.deepEqual(
      writes.map(({ user, impersonated }) => [user, impersonated]),
      [['admin', `system:serviceaccount:${fleet.namespace}:deployer`]],
    );
    assert.match(writes[0]?.userAgent ?? '', /application shop;/);
    const parents = ours.filter(({ path }) => path.includes('/namespaces/plumbline-system/'));
    assert.ok(parents.length > 0 && parents.every(({ impersonated }) => impersonated === ''));
  });

  it('cannot make itself an administrator, nor write where it has no rights; all else goes on', async () => {
    const grab = `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ${fleet.fleet}-grab}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: deployer, namespace: ${fleet.namespace}}]
`;
    const outside = configMap('outside', '1').replace('name: outside', 'name: outside, namespace: default');
    await fleet.want({
      ...base(),
      ...tenant(configMap('prices', '2') + grab + outside),
      web: { objects: configMap('flags', 'off') },
    });

    await fleet.run();

    const { shop, web } = await fleet.applications();
    assert.equal(web?.sync, 'synced');
    assert.equal(shop?.sync, 'out-of-sync');
    assert.deepEqual(shop?.problems.map(({ code, subject }) => [code, subject]).sort(), [
      ['Forbidden', `ClusterRoleBinding.rbac.authorization.k8s.io/${fleet.fleet}-grab`],
      ['Forbidden', 'ConfigMap/default/outside'],
    ]);
    const problem = shop?.problems.find(({ subject }) => subject.startsWith('ConfigMap'));
    assert.equal(
      problem?.wrong,
      `ServiceAccount ${account}, which application shop acts as, may not patch and create configmaps in namespace default`,
    );
    assert.equal(
      problem.remedy,
      'allow `patch` and `create` on configmaps in namespace default; `plumbline rbac --application shop` prints the rule',
    );
    assert.equal(
      await fleet.read({
        group: 'rbac.authorization.k8s.io',
        kind: 'ClusterRoleBinding',
        namespace: '',
        name: `${fleet.fleet}-grab`,
      }),
      undefined,
    );
    assert.equal(await fleet.read(ref('outside', 'default')), undefined);
    assert.deepEqual((await fleet.read(ref('prices')))?.data, { value: '2' });
  });

  it('is pruned as that account when its declaration is gone: what it may not delete stays', async () => {
    const elsewhere = `${fleet.namespace}-elsewhere`;
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'patch'] }];
    await fleet.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: elsewhere } }, 'admin');
    await allow(fleet.testCluster, { account, namespace: elsewhere, rules });
    const kept = configMap('kept', '1').replace('name: kept', `name: kept, namespace: ${elsewhere}`);
    await fleet.want({
      ...base(),
      ...tenant(configMap('prices', '3')),
      stay: { objects: configMap('gone', '3') + kept, settings: { serviceAccount: account } },
    });
    await fleet.run();
    await fleet.want({ ...base(), ...tenant(configMap('prices', '3')) });

    await fleet.run();

    assert.equal(await fleet.read(ref('gone')), undefined);
    assert.ok(await fleet.read(ref('kept', elsewhere)));
    const run = await fleet.lastRun();
    assert.match(JSON.stringify(run?.problems), /may not delete configmaps in namespace/);
  });

  it('goes into a namespace that it was given, and is told where it may not make one', async () => {
    const other = `${fleet.namespace}-other`;
    await fleet.want({
      ...base(),
      ...tenant(configMap('prices', '4')),
      lost: {
        objects: configMap('a', '1'),
        settings: { serviceAccount: account, namespace: other, createNamespace: other },
      },
    });

    await fleet.run();

    const { shop, lost } = await fleet.applications();
    assert.equal(shop?.sync, 'synced', JSON.stringify(shop?.problems));
    assert.equal(lost?.problems[0]?.code, 'Forbidden');
    assert.equal(await fleet.read({ group: '', kind: 'Namespace', namespace: '', name: other }), undefined);
  });

  it('is told when the account does not exist, and where to declare it', async () => {
    await fleet.want({
      ...base(),
      ...tenant(configMap('prices', '4')),
      late: { objects: configMap('late', '1'), settings: { serviceAccount: `${fleet.namespace}/nobody` } },
    });

    await fleet.run();

    const { late } = await fleet.applications();
    assert.match(
      late?.problems[0]?.wrong ?? '',
      /nobody, which application late acts as, may not .*, and does not exist$/,
    );
    assert.match(
      late?.problems[0]?.remedy ?? '',
      /declare the account and its RoleBindings in an application that comes before/,
    );
  });

  it('acts with our rights again when it says so', async () => {
    await fleet.want({ ...base(), ...tenant(configMap('prices', '5')) });
    await fleet.run();
    await fleet.want({ ...base(), shop: { objects: configMap('prices', '6') } });
    await fleet.run();
    const mark = await markRequests(fleet.testCluster);
    await fleet.want(base());

    await fleet.run();

    const requests = await requestsSince(fleet.testCluster, mark, { userAgent: 'plumbline/' });
    const deleted = requests.filter(
      ({ verb, path }) => verb === 'delete' && path.endsWith(`${fleet.namespace}/configmaps/prices`),
    );
    assert.deepEqual(
      deleted.map(({ impersonated }) => impersonated),
      [''],
    );
  });
});

function serviceAccount(name: string): string {
  return `---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}}\n`;
}
