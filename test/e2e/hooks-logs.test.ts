/** Why a hook failed stands mostly in its log, and nowhere else. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../controlplane/eventually.ts';
import { podsDoNotRun } from '../controlplane/shared-cluster.ts';
import { type StandInKubelet, startStandInKubelet } from '../controlplane/stand-in-kubelet.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';
import { hookJob } from './reconcile/hook-objects.ts';

const SECRET = `---
apiVersion: v1
kind: Secret
metadata: {name: login}
stringData: {password: tr0ub4dor-and-3}
`;

describe('the log of a failed hook', { skip: podsDoNotRun }, () => {
  let fleet: FleetUnderTest;
  let kubelet: StandInKubelet;
  before(async () => {
    fleet = await fleetUnderTest();
    const log = [...Array(30).keys()].map((line) => `step ${line}`).join('\n');
    kubelet = await startStandInKubelet(
      fleet.testCluster,
      `node-${fleet.fleet}`,
      () => `${log}\ncannot log in with tr0ub4dor-and-3\n`,
    );
  });
  after(async () => {
    await kubelet?.close();
    await fleet.close();
  });

  const stays = { objects: configMap('stays', 'x') };
  const failing = (phase: string) => hookJob('migrate', phase, { behaviour: 'fail', node: kubelet.node });

  it('ends the report, ten lines of it, without the secrets of its application', async () => {
    await fleet.want({ shop: { objects: `${failing('pre-sync')}${SECRET}` }, stays });

    await fleet.settle();

    const wrong = (await fleet.applications()).shop?.problems[0]?.wrong ?? '';
    assert.match(wrong, /its Pod wrote last:\n(step 2\d\n){9}cannot log in with \*\*\*$/);
    assert.equal(wrong.split('\n').length, 11);
    await fleet.want({ stays });
    await fleet.settle();
  });

  it('is left out once the application is gone: what it kept secret is not known any more', async () => {
    await fleet.want({ leaving: { objects: `${failing('pre-delete')}${SECRET}` }, stays });
    await fleet.settle();
    const asked = kubelet.asked.length;
    await fleet.want({ stays });

    const look = async () => {
      await fleet.run();
      return (await fleet.status()).problems;
    };
    const [problem] = await eventually(look, (problems) => problems.length > 0);

    assert.equal(problem?.code, 'HookFailed');
    assert.doesNotMatch(problem?.wrong ?? '', /wrote last/);
    assert.equal(kubelet.asked.length, asked);
  });
});
