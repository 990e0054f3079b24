/** Objects that the API server does not take as they are: webhooks, quotas, sizes. One of them never stops the others. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { previewCluster } from '../../shared/job/preview-cluster.ts';
import { loadDesired } from '../../shared/job/reconcile/load-desired.ts';
import { refOf } from '../../shared/model/kube-object.ts';
import { formatRef } from '../../shared/model/object-ref.ts';
import { callApi } from '../controlplane/call-api.ts';
import { eventually } from '../controlplane/eventually.ts';
import { type AdmissionWebhook, startAdmissionWebhook } from './difficult-server/admission-webhook.ts';
import { type DifficultFleet, difficultFleet, freshNames, writesTo } from './difficult-server/difficult-fleet.ts';
import { definition } from './ownership/custom-resource-cases.ts';
import { configMap } from './reconcile/declared-objects.ts';

const SYNCED = { sync: 'synced', problems: [] };

describe('an admission webhook', () => {
  let fleet: DifficultFleet;
  let webhook: AdmissionWebhook;
  before(async () => {
    fleet = await difficultFleet();
    await fleet.wantWeb(configMap('first', '1'));
    await fleet.run();
    webhook = await startAdmissionWebhook(fleet.namespace);
    await fleet.apply(webhook.configuration, 'others');
    // The API server takes up a new configuration a moment later.
    const path = `/api/v1/namespaces/${fleet.namespace}/configmaps?dryRun=All`;
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'probe' } };
    await eventually(
      () => callApi(fleet.testCluster, { method: 'POST', path, body }),
      () => webhook.calls > 0,
    );
  });
  afterEach(() => {
    webhook.judge(() => 'allow');
    fleet.server.behave();
  });
  after(async () => {
    await fleet.remove(refOf(webhook.configuration));
    await webhook.stop();
    await fleet.close();
  });

  it('that denies is quoted, and the others are applied', async () => {
    const [denied, other] = freshNames('denied', 'other');
    webhook.judge((name) => (name === denied ? { deny: 'team label is missing' } : 'allow'));
    await fleet.wantWeb(configMap(denied, '1'), configMap(other, '1'));

    await fleet.run();
    const during = await fleet.report();
    const present = await fleet.areThere(denied, other);
    webhook.judge(() => 'allow');
    fleet.server.behave();
    await fleet.settle();

    assert.equal(during.sync, 'out-of-sync');
    assert.match(
      during.problems.join('\n'),
      new RegExp(`^AdmissionDenied: ConfigMap/.*/${denied}: .*team label is missing`),
    );
    assert.deepEqual(present, [false, true]);
    assert.deepEqual(await fleet.report(), SYNCED);
    assert.equal(fleet.server.seen.filter(writesTo(other)).length, 0, 'what was done is not done again');
  });

  it('that mutates what we declare is not fought with', async () => {
    const [mutated] = freshNames('mutated');
    webhook.judge((name) =>
      name === mutated ? { mutate: [{ op: 'replace', path: '/data/value', value: 'theirs' }] } : 'allow',
    );
    await fleet.wantWeb(configMap(mutated, 'ours'));
    await fleet.run();
    fleet.server.behave();

    await fleet.run();
    await fleet.run();

    const ref = { group: '', kind: 'ConfigMap', namespace: fleet.namespace, name: mutated };
    assert.deepEqual((await fleet.read(ref))?.data, { value: 'theirs' });
    assert.deepEqual(await fleet.report(), SYNCED);
    assert.equal(fleet.server.seen.filter(writesTo(mutated)).length, 0);
  });

  it('that does not answer is named, and the others are applied', async () => {
    const [awaited, other] = freshNames('awaited', 'other');
    webhook.judge((name) => (name === awaited ? 'silence' : 'allow'));
    await fleet.wantWeb(configMap(awaited, '1'), configMap(other, '1'));

    await fleet.run();
    const during = await fleet.report();
    const present = await fleet.areThere(awaited, other);
    const tries = fleet.server.seen.filter(writesTo(awaited)).length;
    webhook.judge(() => 'allow');
    await fleet.settle();

    assert.match(during.problems.join('\n'), /^AdmissionDenied: .*failed calling webhook "judge.difficult.test"/);
    assert.deepEqual([present, tries], [[false, true], 1]);
    assert.deepEqual(await fleet.report(), SYNCED);
  });

  it('that cannot take dry runs leaves a plan that says what was not tried', async () => {
    const [changed, other] = freshNames('changed', 'other');
    await fleet.wantWeb(configMap(changed, '1'), configMap(other, '1'));
    // Webhooks of admissionregistration.k8s.io/v1 must take dry runs; those that came before need not.
    const message = 'admission webhook "old.difficult.test" does not support dry run';
    const body = JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message,
      reason: 'BadRequest',
      code: 400,
    });
    fleet.server.make((request) => {
      return writesTo(changed)(request) && request.path.includes('dryRun=All') ? { answer: 400, body } : undefined;
    });
    const item = await fleet.deps.state.readCluster(fleet.fleet, fleet.cluster);
    const loaded = await loadDesired(fleet.deps.blobs, item?.desired?.blob ?? '');
    assert.ok(loaded);

    const preview = await previewCluster(
      { ...fleet.deps, concurrency: 8 },
      { fleet: fleet.fleet, loaded, recordKey: item?.status?.record, nowMs: await fleet.deps.state.nowMs() },
    );
    await fleet.settle();

    const key = `ConfigMap/${fleet.namespace}/${changed}`;
    const created = preview.changes.flatMap(({ op, ref }) => (op === 'create' ? [formatRef(ref)] : []));
    assert.deepEqual(preview.refusals, []);
    assert.ok(created.includes(key));
    assert.match(preview.warnings?.get(key)?.join() ?? '', /not tried: .*does not support dry run/);
    assert.deepEqual(await fleet.report(), SYNCED);
  });
});

describe('an API server that has had enough', () => {
  const group = `s${randomBytes(4).toString('hex')}.plumbline.test`;
  let fleet: DifficultFleet;
  before(async () => {
    fleet = await difficultFleet();
    await fleet.wantWeb(configMap('first', '1'));
    await fleet.run();
  });
  afterEach(() => fleet.server.behave());
  after(() => fleet.close());

  it('names the quota that is exceeded, takes the rest, and all of it once there is room', async () => {
    const quota = { group: '', kind: 'ResourceQuota', namespace: fleet.namespace, name: 'few' };
    const hard = (secrets: string) => ({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: quota.name, namespace: quota.namespace },
      spec: { hard: { 'count/secrets': secrets } },
    });
    await fleet.apply(hard('0'), 'others');
    await eventually(
      () => fleet.read(quota),
      (read) => JSON.stringify(read?.status ?? {}).includes('count/secrets'),
    );
    const [refused, other] = freshNames('refused', 'other');
    const secret = `---\napiVersion: v1\nkind: Secret\nmetadata: {name: ${refused}}\nstringData: {a: hush-hush}\n`;
    await fleet.wantWeb(secret, configMap(other, '1'));

    await fleet.run();
    const during = await fleet.report();
    const present = await fleet.areThere(other);
    await fleet.apply(hard('5'), 'others');
    fleet.server.behave();
    await eventually(
      async () => {
        await fleet.run();
        return fleet.report();
      },
      ({ sync }) => sync === 'synced',
    );

    assert.match(during.problems.join('\n'), new RegExp(`^QuotaExceeded: Secret/.*/${refused}: .*exceeded quota: few`));
    assert.deepEqual(present, [true]);
    assert.deepEqual(await fleet.report(), SYNCED);
    assert.equal(fleet.server.seen.filter(writesTo(other)).length, 0, 'what was done is not done again');
  });

  it('gets an object of 1 MiB once, and none that it would not take', async () => {
    await fleet.apply(definition(group, [{ name: 'v1', storage: true }]), 'others');
    const path = `/apis/${group}/v1/widgets`;
    await eventually(
      () => callApi(fleet.testCluster, { path }),
      ({ status }) => status === 200,
    );
    const [large, tooLarge, forEtcd, forItsClient, huge, other] = freshNames(
      ...(['large', 'too-large', 'for-etcd', 'for-its-client', 'huge', 'other'] as const),
    );
    const mebibyte = 1_024 * 1_024;
    // As objects: reading files refuses what is too large before a run ever sees it.
    const { namespace } = fleet;
    const flags = (name: string, value: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace },
      data: { value },
    });
    const widget = (name: string, bytes: number) => ({
      apiVersion: `${group}/v1`,
      kind: 'Widget',
      metadata: { name, namespace },
      spec: { title: 'x'.repeat(bytes) },
    });
    const objects = [
      flags(large, 'x'.repeat(mebibyte)),
      flags(tooLarge, 'x'.repeat(mebibyte + 1)),
      widget(forEtcd, 1.7 * mebibyte),
      widget(forItsClient, 2 * mebibyte),
      widget(huge, 4 * mebibyte),
      flags(other, '1'),
    ];
    await fleet.want({ web: { objects, settings: { sync: { pruneLimit: '100%' } } } });

    await fleet.run();
    const { problems } = await fleet.report();
    const firstTries = [large, huge].map((name) => fleet.server.seen.filter(writesTo(name)).length);
    fleet.server.behave();
    await fleet.run();

    assert.deepEqual(await fleet.areThere(large, tooLarge, other), [true, false, true]);
    assert.deepEqual(firstTries, [1, 0]);
    assert.equal(problems.length, 4);
    const text = problems.join('\n');
    assert.match(text, new RegExp(`ConfigInvalid: ConfigMap/.*/${tooLarge}: .*may not be more than 1048576 bytes`));
    for (const name of [forEtcd, forItsClient]) {
      assert.match(text, new RegExp(`ConfigInvalid: Widget.*/${name}: .*etcd keeps at most 1.5 MiB`));
    }
    assert.match(text, new RegExp(`ConfigInvalid: Widget.*/${huge}: .*limit is 3145728`));
    assert.ok(text.length < 3_000, 'the object itself is not in the report');
    assert.equal(fleet.server.seen.filter(writesTo(large)).length, 0, 'what was done is not done again');
  });
});
