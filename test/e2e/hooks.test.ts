import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assessHealth } from '../../shared/health/assess.ts';
import { askClusters } from '../../shared/job/ask-clusters.ts';
import type { ClusterConnector } from '../../shared/job/ports.ts';
import { eventually } from '../controlplane/eventually.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';
import { hookJob, progressOf } from './reconcile/hook-objects.ts';

describe('hooks of one application', () => {
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

  it('runs them in their phases, once for an input', async () => {
    const objects = (value: string) =>
      [hookJob('migrate', 'pre-sync'), configMap('settings', value), hookJob('announce', 'post-sync')].join('');
    await fleet.want({ web: { objects: objects('x') } });

    await fleet.run();
    const first = (await fleet.applications()).web;
    const early = await fleet.read(named('settings'));
    await fleet.settle();

    assert.match(first?.waitingFor ?? '', /^waits for hook Job\.batch\/.*\/migrate, which runs since 20/);
    assert.equal(first?.sync, 'out-of-sync');
    assert.equal(early, undefined);
    assert.ok(await fleet.read(named('settings')));
    const made = await fleet.read(job('migrate'));
    assert.ok(await fleet.read(job('announce')));
    const web = (await fleet.applications()).web;
    assert.deepEqual([web?.sync, web?.health, web?.waitingFor, web?.objects], ['synced', 'healthy', '', 1]);

    const told = await fleet.lastRun();
    await fleet.run();
    assert.equal((await fleet.lastRun())?.run, told?.run);
    assert.equal((await fleet.read(job('migrate')))?.metadata.uid, made?.metadata.uid);

    await fleet.want({ web: { objects: objects('y') } });
    await fleet.settle();
    const again = await fleet.read(job('migrate'));
    assert.ok(again);
    assert.notEqual(again.metadata.uid, made?.metadata.uid);
  });

  it('stops at one that failed, runs those for a failure, heals on, and tries again when a person asks', async () => {
    const failing = (name: string) => hookJob(name, 'pre-sync', { behaviour: 'fail' });
    await fleet.want({ broken: { objects: configMap('old', 'x') } });
    await fleet.settle();
    const objects = [
      failing('doomed'),
      hookJob('alarm', 'sync-fail'),
      configMap('old', 'x'),
      configMap('new', 'x'),
    ].join('');
    await fleet.want({ broken: { objects } });

    await fleet.settle();
    const broken = (await fleet.applications()).broken;
    const doomed = await fleet.read(job('doomed'));
    const alarm = await fleet.read(job('alarm'));

    assert.deepEqual(
      broken?.problems.map(({ code, subject }) => [code, subject]),
      [['HookFailed', `Job.batch/${fleet.namespace}/doomed`]],
    );
    assert.deepEqual([broken?.sync, broken?.waitingFor], ['out-of-sync', '']);
    assert.ok(alarm);
    assert.equal(await fleet.read(named('new')), undefined);

    await fleet.remove(named('old'));
    await fleet.run();
    assert.ok(await fleet.read(named('old')));
    assert.equal((await fleet.read(job('doomed')))?.metadata.uid, doomed?.metadata.uid);
    assert.equal((await fleet.read(job('alarm')))?.metadata.uid, alarm.metadata.uid);

    const request = { act: 'reconcile', application: 'broken', cluster: 'under-test', by: 'Ana' } as const;
    await askClusters(fleet.deps, { fleet: fleet.fleet, request, id: 'once more' });
    await fleet.settle();
    const second = await fleet.read(job('doomed'));
    assert.ok(second);
    assert.notEqual(second.metadata.uid, doomed?.metadata.uid);

    await fleet.want({ broken: { objects: objects.replace('"fail"', '""') } });
    await fleet.settle();
    assert.ok(await fleet.read(named('new')));
    assert.deepEqual((await fleet.applications()).broken?.problems, []);
  });

  it('runs those for a failure when an object is refused for good', async () => {
    const wrong = configMap('wrong', 'x').replace(
      '{name: wrong}',
      '{name: wrong, annotations: {plumbline.dev/sync-wave: "first"}}',
    );
    await fleet.want({ refused: { objects: wrong + hookJob('rescue', 'sync-fail') + configMap('right', 'x') } });

    await fleet.settle();
    const rescue = await fleet.read(job('rescue'));
    await fleet.run();

    assert.ok(rescue);
    assert.equal((await fleet.read(job('rescue')))?.metadata.uid, rescue.metadata.uid);
    assert.ok(await fleet.read(named('right')));
    assert.equal((await fleet.applications()).refused?.problems[0]?.code, 'ConfigInvalid');
  });

  it('ends one that takes too long', async () => {
    const objects = hookJob('endless', 'pre-sync', {
      annotations: 'plumbline.dev/hook-timeout: "1s"',
      behaviour: 'run-forever',
    });
    await fleet.want({ slow: { objects } });

    await fleet.settle();

    const [problem] = (await fleet.applications()).slow?.problems ?? [];
    assert.equal(problem?.code, 'HookFailed');
    assert.match(problem.wrong, /^it takes longer than 1 s: the Job is running/);
  });

  it('tells an install from an upgrade', async () => {
    const objects = (value: string) =>
      [
        helmHook('first', 'pre-install'),
        helmHook('later', 'post-upgrade'),
        helmHook('tried', 'test'),
        configMap('chart', value),
      ].join('');
    const exist = async () =>
      (await Promise.all(['first', 'later', 'tried'].map((name) => fleet.read(job(name))))).map(
        (found) => found !== undefined,
      );
    await fleet.want({ chart: { objects: objects('x') } });

    await fleet.settle();
    const installed = await exist();
    await fleet.want({ chart: { objects: objects('y') } });
    await fleet.settle();

    assert.deepEqual(installed, [true, false, false]);
    // What an input before left goes once the next is in.
    assert.deepEqual(await exist(), [false, true, false]);
  });

  it('gives names where none are declared, runs any kind, and deletes what is to go', async () => {
    const policy = 'plumbline.dev/hook-delete-policy: "succeeded"';
    const objects = [
      hookJob('work', 'pre-sync', { annotations: policy }).replace('{name: work', '{generateName: work-'),
      configMap('flag', 'x').replace(
        '{name: flag}',
        '{name: flag, annotations: {plumbline.dev/hook: "pre-sync", plumbline.dev/hook-delete-policy: "succeeded"}}',
      ),
      configMap('stays', 'x'),
    ].join('');
    await fleet.want({ named: { objects } });

    await fleet.run();
    const memory = await progressOf(fleet, 'named');
    await fleet.settle();

    const [key = ''] = Object.keys(memory.hooks).filter((one) => one.includes('Job'));
    assert.equal(key, `pre-sync Job.batch/${fleet.namespace}/work-`);
    assert.equal(await fleet.read(job(`work-${memory.hooks[key]?.run}`)), undefined);
    assert.equal(await fleet.read(named('flag')), undefined);
    assert.ok(await fleet.read(named('stays')));
    assert.equal((await progressOf(fleet, 'named')).completed, true);
  });

  it('runs none twice when the state and everything stored are lost', async () => {
    const wish = {
      objects: hookJob('once', 'pre-sync') + configMap('lost', 'x'),
      settings: { inputDigest: 'the-input' },
    };
    await fleet.want({ lost: wish });
    await fleet.settle();
    const before = await fleet.read(job('once'));

    fleet.forget({ blobs: true });
    await fleet.want({ lost: wish });
    await fleet.settle();

    assert.ok(before);
    assert.equal((await fleet.read(job('once')))?.metadata.uid, before.metadata.uid);
    assert.equal((await fleet.applications()).lost?.sync, 'synced');
  });

  it('neither doubles nor skips one, whichever request was the last of a run', async () => {
    const policy = 'plumbline.dev/hook-delete-policy: "succeeded"';
    const objects = [
      hookJob('cut', 'pre-sync'),
      hookJob('cut-gone', 'sync', { annotations: policy }),
      configMap('cut', 'x'),
      hookJob('cut-end', 'post-sync'),
    ].join('');
    await fleet.want({ cut: { objects } });
    const uids = new Set<string>();
    const find = async () => {
      const found = await Promise.all(['cut', 'cut-gone', 'cut-end'].map((name) => fleet.read(job(name))));
      return found.filter((live) => live !== undefined);
    };
    // A run that waits writes nothing: only once the Jobs are done has the next one something to be cut off at.
    const look = async () => {
      const done = await eventually(find, (found) => found.every((live) => assessHealth(live, 0).health === 'healthy'));
      for (const { metadata } of done) uids.add(metadata.uid ?? '');
    };

    // Each run is cut off one write later than the one before, until it comes to its end.
    for (let writes = 0; writes < 20; writes++) {
      const clusters = cutAfter(fleet.deps.clusters, writes);
      await fleet.runWith({ ...fleet.deps, clusters }).catch(() => {});
      await look();
    }
    await fleet.settle();
    await look();

    assert.equal(uids.size, 3);
    assert.equal(await fleet.read(job('cut-gone')), undefined);
    assert.equal((await fleet.applications()).cut?.sync, 'synced');
    assert.equal((await progressOf(fleet, 'cut')).completed, true);
  });
});

/** As if the process were killed once it has sent that many writes. */
function cutAfter(clusters: ClusterConnector, writes: number): ClusterConnector {
  let left = writes;
  return {
    connect: (declaration, options) =>
      clusters.connect(declaration, {
        ...options,
        beforeWrite: () => {
          if (left-- <= 0) throw new Error('killed');
        },
      }),
  };
}

function helmHook(name: string, hook: string): string {
  return hookJob(name, '').replace('plumbline.dev/hook: ""', `helm.sh/hook: ${hook}`);
}
