/** Whom requests are sent as, and what they may. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { accepted, type ClusterHarness, OURS, pathOf, refused } from './cluster-harness.ts';

export function testAccounts(harness: ClusterHarness): void {
  const { configMap, configMapRef, namespace } = harness;
  const acting = () => harness.cluster.actingAs(new Map([['shop', `${namespace}/nobody`]]));

  it('sends what concerns an application as the account that it acts as, which has the rights that it was given', async () => {
    const path = await pathOf(harness.cluster, 'ConfigMap');
    accepted(await harness.cluster.apply(path, configMap('theirs', {}), OURS));
    const shop = acting().for('shop');

    const answers = [
      await shop.get(path, configMapRef('theirs')),
      await shop.list(path, { namespace }),
      await shop.apply(path, configMap('tried', {}), OURS),
      await shop.patch(path, configMapRef('theirs'), [{ op: 'add', path: '/data', value: {} }], OURS),
      await shop.delete(path, configMapRef('theirs'), { uid: 'any' }),
    ];

    for (const answer of answers) {
      const refusal = refused<unknown>(answer);
      assert.equal(refusal.status, 403);
      assert.match(refusal.message, new RegExp(`User "system:serviceaccount:${namespace}:nobody" cannot`));
    }
    assert.equal(refused(await harness.cluster.get(path, configMapRef('tried'))).status, 404);
  });

  it('sends what we keep of an application ourselves, lists of no application, and other applications with our own rights', async () => {
    const path = await pathOf(harness.cluster, 'ConfigMap');

    accepted(await acting().ownFor('shop').apply(path, configMap('parent', {}), OURS));
    accepted(
      await acting()
        .for('web')
        .apply(path, configMap('parent', { a: '1' }), OURS),
    );
    const listed = accepted(await acting().list(path, { namespace }));

    assert.ok(listed.some(({ metadata }) => metadata.name === 'parent'));
  });

  it('says what whoever acts may do', async () => {
    const access = { verb: 'create', group: '', resource: 'configmaps', namespace };

    assert.equal(accepted(await harness.cluster.reviewAccess(access)), true);
    assert.equal(
      accepted(
        await acting()
          .for('web')
          .reviewAccess({ ...access, name: 'flags' }),
      ),
      true,
    );
    assert.equal(accepted(await acting().for('shop').reviewAccess(access)), false);
    const log = { verb: 'get', group: '', resource: 'pods/log', namespace };
    assert.equal(accepted(await acting().for('shop').reviewAccess(log)), false);
  });
}
