import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { type AwsLocal, waitUntil } from './aws-local.ts';
import { startAwsLocal } from './start-aws-local.ts';
import { storyStack } from './story/story-stack.ts';
import { TinyFleet, valueIn } from './story/tiny-fleet.ts';

/** Source: CloudWatch User Guide, "Details about custom widgets". */
const WIDGET_CONTEXT = {
  dashboardName: 'Plumbline',
  widgetId: 'widget-1',
  accountId: '123456789012',
  locale: 'en',
  timezone: { label: 'UTC', offsetISO: '+00:00', offsetInMinutes: 0 },
  period: 300,
  isAutoPeriod: true,
  timeRange: { mode: 'relative', start: 1_795_000_000_000, end: 1_795_003_600_000, relativeStart: 3_600_000 },
  theme: 'light',
  linkCharts: true,
  title: 'Fleet',
  forms: { all: {} },
  params: {},
  width: 1200,
  height: 600,
};

it('a dashboard shows what came of a push, and who pressed a button is obeyed, each by a function with its own rights', {
  skip: pythonIsMissing,
}, async () => {
  const { clusters: [cluster] = [], ...stack } = storyStack();
  assert(cluster !== undefined);
  const aws = await startAwsLocal({ ...stack, clusters: [{ ...cluster, controllers: false }] });
  const fleet = await TinyFleet.create(aws);
  try {
    // Warm from here on: what is stored later has to be found by the same process.
    const empty = await aws.invoke('dashboard-widget', { widgetContext: WIDGET_CONTEXT });
    assert.match(String(empty), /Nothing is planned yet/);
    assert.deepEqual(aws.violations(), []);

    const revision = await fleet.push();
    await waitUntil(aws, 'the push to arrive', async () => {
      const values = await Promise.all(aws.clusters.map(valueIn));
      return values.every((value) => value === 'first') || undefined;
    });
    await waitUntil(
      aws,
      'the run to be told',
      () => aws.bus.events.some(({ 'detail-type': type }) => type === 'ApplicationSynced') || undefined,
    );

    const page = await aws.invoke('dashboard-widget', { widgetContext: WIDGET_CONTEXT });

    assert.match(String(page), /staging/);
    assert.match(String(page), new RegExp(revision.slice(0, 7)));
    assert.doesNotMatch(String(page), /<script|<iframe/);

    const objects = await aws.invoke('dashboard-widget', {
      page: `/clusters/${cluster.name}/applications/settings`,
      widgetContext: WIDGET_CONTEXT,
    });

    // Read from a blob, which was sealed after this process had found none.
    assert.match(String(objects), /ConfigMap/);
    assert.equal(aws.function('dashboard-widget').invocations.filter(({ initMs }) => initMs !== undefined).length, 1);
    await pressesAreObeyed(aws, fleet);
    assert.deepEqual(aws.violations(), []);
  } finally {
    await fleet.remove();
    await aws.stop();
  }
});

/** Suspended, a push passes the cluster by; resumed, it arrives. The pages say so meanwhile. */
async function pressesAreObeyed(aws: AwsLocal, fleet: TinyFleet): Promise<void> {
  const press = (act: string) => aws.invoke('fleet-action', { act, cluster: 'staging', by: 'Ana' });
  const show = async () => String(await aws.invoke('dashboard-widget', { page: '/clusters/staging' }));
  const valueNow = async () => Promise.all(aws.clusters.map(valueIn));

  assert.deepEqual(await press('suspend'), {
    asked: true,
    message: 'asked staging to suspend everything; its next run does it',
  });
  await waitUntil(aws, 'the suspension to be shown', async () => {
    return /the whole cluster is suspended by Ana \(request [-0-9a-f]{36}\)/.test(await show()) || undefined;
  });
  const revision = await fleet.set('second');
  await waitUntil(
    aws,
    'the push to be planned',
    async () => (await show()).includes(revision.slice(0, 7)) || undefined,
  );
  await press('reconcile');
  await waitUntil(
    aws,
    'the run that was asked for',
    async () => / asked to reconcile now/.test(await show()) || undefined,
  );
  assert.deepEqual(await valueNow(), ['first']);

  await press('resume');
  await waitUntil(
    aws,
    'the push to arrive',
    async () => (await valueNow()).every((value) => value === 'second') || undefined,
  );
  assert.match(JSON.stringify(await press('suspended')), /"asked":false/);
}
