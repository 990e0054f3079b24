import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { previewCluster } from '../../shared/job/preview-cluster.ts';
import { loadDesired } from '../../shared/job/reconcile/load-desired.ts';
import type { ClusterPreview } from '../../shared/report/fleet-plan.ts';
import { exitCodeOfPlan } from '../../shared/report/plan-verdict.ts';
import { markRequests, requestsSince } from '../controlplane/request-log.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';
import { allow, type LimitedUser, limitedUser } from './rights/limited-user.ts';

const READ = [{ apiGroups: [''], resources: ['configmaps', 'namespaces'], verbs: ['get', 'list'] }];

describe('a plan made with rights that are less than those of a run', () => {
  let fleet: FleetUnderTest;
  let reader: LimitedUser;
  before(async () => {
    fleet = await fleetUnderTest();
    reader = await limitedUser(fleet.testCluster, `${fleet.fleet}-users`, 'reader');
    await allow(fleet.testCluster, { account: `${fleet.fleet}-users/reader`, namespace: '', rules: READ });
    await fleet.want({ web: { objects: configMap('flags', '1') + configMap('old', '1') } });
    await fleet.run();
  });
  after(async () => {
    reader.close();
    await fleet.close();
  });

  async function preview(as: 'reader' | 'admin', account?: string): Promise<ClusterPreview> {
    const settings = account === undefined ? {} : { serviceAccount: account };
    const cluster = as === 'reader' ? { cluster: reader.declaration } : {};
    await fleet.want({ web: { objects: configMap('flags', '2') + configMap('new', '1'), settings } }, cluster);
    const item = await fleet.deps.state.readCluster(fleet.fleet, 'under-test');
    const loaded = await loadDesired(fleet.deps.blobs, item?.desired?.blob ?? '');
    assert.ok(loaded);
    return await previewCluster(
      { ...fleet.deps, concurrency: 8 },
      { fleet: fleet.fleet, loaded, recordKey: item?.status?.record, nowMs: Date.now() },
    );
  }

  const opsOf = ({ changes }: ClusterPreview) => changes.map(({ op, ref }) => `${op} ${ref.name}`).sort();
  const exitCode = (one: ClusterPreview) => {
    const commit = { revision: '0'.repeat(40), subject: '', author: '', committedAtMs: 0 };
    return exitCodeOfPlan({ commit, durationMs: 0, problems: [], clusters: [one] });
  };

  it('shows what would change, says what it could not try, and tries nothing', async () => {
    const mark = await markRequests(fleet.testCluster);

    const plan = await preview('reader');

    assert.deepEqual(opsOf(plan), ['create new', 'prune old', 'update flags']);
    assert.deepEqual(plan.refusals, []);
    assert.equal(exitCode(plan), 2);
    const untried = 'shown as Git has it and not tried: the rights that this plan is made with do not allow to';
    assert.deepEqual(plan.warnings?.get(`ConfigMap/${fleet.namespace}/new`), [
      `${untried} patch and create configmaps in namespace ${fleet.namespace}`,
    ]);
    assert.deepEqual(plan.warnings.get(`ConfigMap/${fleet.namespace}/old`), [
      `${untried} delete configmaps in namespace ${fleet.namespace}`,
    ]);
    const requests = await requestsSince(fleet.testCluster, mark, { user: reader.user });
    assert.deepEqual(
      requests.filter(({ code }) => code === 403),
      [],
    );
  });

  it('says what the account of an application would be refused, as the run would', async () => {
    const plan = await preview('admin', `${fleet.fleet}-users/reader`);

    assert.deepEqual(opsOf(plan), ['refuse flags', 'refuse new', 'refuse old']);
    assert.equal(exitCode(plan), 1);
  });

  it('is no verdict about an account that it may not act as', async () => {
    const plan = await preview('reader', `${fleet.fleet}-users/somebody`);

    assert.deepEqual(opsOf(plan), ['create new', 'prune old', 'update flags']);
    assert.match(
      plan.warnings?.get(`ConfigMap/${fleet.namespace}/new`)?.join() ?? '',
      /act as ServiceAccount .*somebody$/,
    );
  });
});
