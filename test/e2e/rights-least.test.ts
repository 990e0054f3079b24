/** That what `plumbline rbac` prints is enough, and that nothing of it is too much: each verb of each rule is taken away once. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { eachConcurrently } from '../../shared/job/reconcile/each-concurrently.ts';
import { podsDoNotRun, sharedCluster } from '../controlplane/shared-cluster.ts';
import { liveOnce, printedFor, type Trouble, withoutEachVerb } from './rights/fleet-life.ts';

describe('the rights that plumbline rbac prints', { skip: podsDoNotRun }, () => {
  let first: Trouble | undefined;
  const closing: (() => Promise<void>)[] = [];
  after(async () => {
    for (const close of closing) await close();
  });

  it('suffice for all that a fleet does in its life', async () => {
    first = await liveOnce(await sharedCluster(), (rights) => rights, { closing });

    assert.deepEqual(first.problems, [
      'Forbidden ConfigMap/default/outside: ServiceAccount FLEET-users/tenant, which application tenant acts as, may not patch and create configmaps in namespace default',
    ]);
  });

  it('hold no verb that could be left out', async () => {
    const cluster = await sharedCluster();
    const mutations = withoutEachVerb(printedFor('tany', 'any'));

    const lives = await eachConcurrently(mutations, 4, async ({ name, without }) => {
      const trouble = await liveOnce(cluster, without, { closing, known: first });
      return { name, isSame: JSON.stringify(trouble) === JSON.stringify(first) };
    });

    assert.ok(lives.length > 30, 'few verbs are printed');
    assert.deepEqual(
      lives.filter(({ isSame }) => isSame).map(({ name }) => name),
      [],
    );
  });
});
