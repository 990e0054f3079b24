import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assessHealth } from '../../shared/health/assess.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import { eventually } from '../controlplane/eventually.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';
import { hookJob } from './reconcile/hook-objects.ts';

describe('hooks of an application that is removed', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  after(async () => {
    await fleet.want({});
    await fleet.settle();
    await fleet.close();
  });

  const job = (name: string) => ({ group: 'batch', kind: 'Job', namespace: fleet.namespace, name });
  const named = (name: string) => ({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name });
  const parent = (name: string) => ({
    ...{ group: '', kind: 'ConfigMap', namespace: 'plumbline-system' },
    name: `plumbline-${fleet.fleet}.${name}`,
  });
  const stays = { objects: configMap('stays', 'x') };

  it('run before its objects go and after they have gone, then everything is gone', async () => {
    const objects = [
      hookJob('farewell', 'pre-delete', { behaviour: 'run-forever' }),
      hookJob('obituary', 'post-delete', { behaviour: 'run-forever' }),
      configMap('leaves', 'x'),
    ].join('');
    await fleet.want({ leaving: { objects }, stays });
    await fleet.settle();
    assert.equal(await fleet.read(job('farewell')), undefined);

    await fleet.want({ stays });
    await fleet.run();
    await fleet.run();
    assert.ok(await fleet.read(job('farewell')));
    assert.ok(await fleet.read(named('leaves')));

    await finish(fleet, 'farewell');
    await fleet.run();
    assert.equal(await fleet.read(named('leaves')), undefined);
    assert.ok(await fleet.read(job('obituary')));
    assert.ok(await fleet.read(parent('leaving')));

    await finish(fleet, 'obituary');
    await fleet.run();
    await fleet.run();
    assert.equal(await fleet.read(job('farewell')), undefined);
    assert.equal(await fleet.read(job('obituary')), undefined);
    assert.equal(await fleet.read(parent('leaving')), undefined);
    assert.ok(await fleet.read(named('stays')));
  });

  it('hold everything back when they fail, and say so', async () => {
    const objects = hookJob('refuses', 'pre-delete', { behaviour: 'fail' }) + configMap('kept', 'x');
    await fleet.want({ stuck: { objects }, stays });
    await fleet.settle();

    await fleet.want({ stays });
    await runUntil(fleet, async () => (await fleet.status()).problems.length > 0);

    const { problems } = await fleet.status();
    assert.deepEqual(
      problems.map(({ code, subject }) => [code, subject]),
      [['HookFailed', `Job.batch/${fleet.namespace}/refuses`]],
    );
    assert.ok(await fleet.read(named('kept')));
    await fleet.run();
    assert.ok(await fleet.read(named('kept')));
  });
});

/** Has the Pod of a Job succeed, and waits until its controller has seen it. */
async function finish(fleet: FleetUnderTest, name: string): Promise<void> {
  const { namespace } = fleet;
  const isPodOf = ({ metadata }: KubeObject) => metadata.labels?.['job-name'] === name;
  const ownPods = async () => (await fleet.list({ group: '', kind: 'Pod' })).filter(isPodOf);
  for (const { metadata } of await eventually(ownPods, (pods) => pods.length > 0)) {
    const pod = { group: '', kind: 'Pod', namespace, name: metadata.name };
    await fleet.patch(pod, [{ op: 'remove', path: '/metadata/annotations' }], 'others');
  }
  const job = { group: 'batch', kind: 'Job', namespace, name };
  await eventually(
    () => fleet.read(job),
    (live) => live !== undefined && assessHealth(live, 0).health === 'healthy',
  );
}

async function runUntil(fleet: FleetUnderTest, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 40 && !(await isSo()); tries++) {
    await fleet.run();
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
