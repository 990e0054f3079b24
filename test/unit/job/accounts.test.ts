import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accountsOf } from '../../../shared/job/accounts.ts';
import { type Candidate, chooseDesired } from '../../../shared/job/plan-fleet/choose-desired.ts';
import { API_VERSION, applicationSchema, clusterSchema } from '../../../shared/model/declarations.ts';
import { serviceAccountUser } from '../../../shared/model/service-account.ts';
import { type ParentContent, parentObject, readParent } from '../../../shared/plan/apply-set.ts';

const declared = (spec: object) =>
  applicationSchema.safeParse({
    ...{ apiVersion: API_VERSION, kind: 'Application', metadata: { name: 'shop' } },
    spec: { source: { path: 'apps/shop' }, clusters: { all: true }, ...spec },
  });

function accountOf(spec: object): string | undefined {
  const commit = { revision: '1', subject: '', author: '', committedAtMs: 0 };
  const candidate: Candidate = {
    name: 'shop',
    declaration: declared(spec).data,
    outcome: { state: 'rendered', inputDigest: 'd', renderings: ['r'], commit },
  };
  const cluster = clusterSchema.parse({
    ...{ apiVersion: API_VERSION, kind: 'Cluster', metadata: { name: 'prod' } },
    spec: { kubeconfig: { context: 'prod' } },
  });
  return chooseDesired('demo', { cluster, candidates: [candidate] }, undefined).applications[0]?.serviceAccount;
}

describe('the account of an application', () => {
  it('stands in its namespace unless it names another', () => {
    assert.equal(accountOf({ namespace: 'shop', serviceAccount: 'deployer' }), 'shop/deployer');
    assert.equal(accountOf({ namespace: 'shop', serviceAccount: 'tenants/deployer' }), 'tenants/deployer');
    assert.equal(accountOf({ serviceAccount: 'deployer' }), 'default/deployer');
    assert.equal(accountOf({ namespace: 'shop' }), undefined);
  });

  it('is no other user: what is not the name of an account is refused', () => {
    for (const wrong of [
      'a/b/c',
      'system:admin',
      'kube-system/',
      '/x',
      'A',
      'a/b:c',
      'x\r\nimpersonate-group: y',
      '',
    ]) {
      assert.equal(declared({ serviceAccount: wrong }).success, false, wrong);
    }
  });

  it('is known to the API server by a user name', () => {
    assert.equal(serviceAccountUser('shop/deployer'), 'system:serviceaccount:shop:deployer');
  });

  it('is remembered by the parent, for the time when nobody declares the application', () => {
    const settings = { prune: true, allowDeletionOf: [], dependsOn: [] };
    const content = (serviceAccount?: string): ParentContent => ({
      ...{ fleet: 'demo', application: 'shop', kinds: [], namespaces: [] },
      settings: {
        ...settings,
        prunePropagation: 'background',
        deletion: 'prune',
        ...(serviceAccount !== undefined && { serviceAccount }),
      },
    });
    const parentOf = (account?: string) => [readParent(parentObject(content(account)))].flatMap((one) => one ?? []);

    assert.deepEqual([...accountsOf([], parentOf('shop/deployer'))], [['shop', 'shop/deployer']]);
    assert.deepEqual([...accountsOf([], parentOf())], []);
    const before = parentOf('shop/deployer');
    assert.deepEqual(
      [...accountsOf([{ name: 'shop', serviceAccount: 'shop/other' }], before)],
      [['shop', 'shop/other']],
    );
    assert.deepEqual([...accountsOf([{ name: 'shop' }], before)], []);
  });
});
