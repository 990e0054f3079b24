import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { largeFleet } from '../../bench/large-fleet.ts';
import { dashboardWidget } from '../../functions/dashboard-widget.ts';
import type { SampleFleet } from '../e2e/page-sample.ts';
import { sampleFleet } from '../e2e/page-sample.ts';
import { storeFleet } from '../e2e/page-state.ts';
import { FakeBlobStore } from '../fakes/fake-blob-store.ts';
import { FakeStateStore } from '../fakes/fake-state-store.ts';
import { hostileFleet } from '../unit/report/pages/hostile-fleet.ts';
import { lambdaContext, recordedWorld } from './recorded-world.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const ACTION = 'arn:aws:lambda:eu-west-1:123456789012:function:plumbline-acme-fleet-action';
const OWN = lambdaContext().invokedFunctionArn;
const RUNBOOK = join(import.meta.dirname, '..', '..', 'docs', 'runbook.md');

async function widgetOf(sample: SampleFleet = sampleFleet(NOW_MS)) {
  const state = new FakeStateStore(NOW_MS);
  const blobs = new FakeBlobStore();
  await storeFleet(state, blobs, sample);
  const world = recordedWorld({
    PLUMBLINE_FLEET: sample.fleet.fleet,
    PLUMBLINE_BRANCH: 'main',
    PLUMBLINE_ACTION_FUNCTION: ACTION,
  });
  const parts = { state, openBlobs: async () => blobs, readRunbook: () => readFile(RUNBOOK, 'utf8') };
  const show = (event: unknown) => dashboardWidget(() => parts, world)(event, lambdaContext());
  return { show, state, blobs };
}

function callsOf(html: string): readonly unknown[] {
  return [...html.matchAll(/<cwdb-action ([^>]*)>([^<]*)<\/cwdb-action>/g)].map(([, , json = '']) => JSON.parse(json));
}

describe('dashboard-widget', () => {
  it('describes itself in Markdown, with a YAML block that fills in the parameters', async () => {
    const { show } = await widgetOf();

    const text = await show({ describe: true });

    assert.match(text, /```yaml\npage: fleet\n```/);
  });

  it('shows each page by its name or its path, and the fleet where none is named', async () => {
    const { show } = await widgetOf();
    const titleOf = async (event: unknown) =>
      /<h1>(.*?)<\/h1>/s
        .exec(await show(event))?.[1]
        ?.replaceAll(/<[^>]+>/g, '')
        .trim();

    assert.deepEqual(
      await Promise.all(
        [{}, { page: 'fleet' }, { page: '/' }, null, 7, { page: { a: 1 } }].map((event) => titleOf(event)),
      ),
      Array(6).fill('3 of 4 clusters are true to 4f9c2e1'),
    );
    assert.equal(await titleOf({ page: 'problems' }), '1 problem');
    assert.equal(await titleOf({ page: '/clusters/staging' }), 'staging');
    assert.match((await titleOf({ page: '/runbook/healthtimeout' })) ?? '', /HealthTimeout/);
    assert.equal(await titleOf({ page: '"}<script>' }), 'There is no such page');
  });

  it('has nothing that the console takes away, no link that leads nowhere, and a call for each', async () => {
    const { show } = await widgetOf();

    for (const page of [
      'fleet',
      'problems',
      'drift',
      'runs',
      '/clusters/staging',
      '/clusters/prod-us/applications/notifier',
      '/x',
    ]) {
      const html = await show({ page });

      assert.doesNotMatch(html, /<(script|iframe|use|img|link|meta)\b|href=|\son\w+=/, page);
      for (const call of callsOf(html)) assert.ok(typeof call === 'object' && call !== null, page);
      const links = [
        ...html.matchAll(
          /<a role="(link|button)"[^>]*>.*?<\/a>(<cwdb-action)?|<a class="btn"[^>]*>[^<]*<\/a>(<cwdb-action)?/gs,
        ),
      ];
      assert.ok(
        links.every(([, , call, press]) => (call ?? press) !== undefined),
        page,
      );
      assert.equal([...html.matchAll(/<a /g)].length, [...html.matchAll(/<cwdb-action /g)].length, page);
    }
  });

  it('calls itself for pages and fleet-action for what is pressed, which is confirmed first', async () => {
    const { show } = await widgetOf();

    const html = await show({ page: '/clusters/prod-eu' });

    const actions = [...html.matchAll(/<cwdb-action ([^>]*)>([^<]*)<\/cwdb-action>/g)];
    const presses = actions.filter(([, attributes = '']) => attributes.includes(ACTION));
    assert.ok(actions.every(([, attributes = '']) => attributes.includes(ACTION) || attributes.includes(OWN)));
    assert.deepEqual(
      presses.map(([, , json = '']) => JSON.parse(json)),
      [
        { act: 'reconcile', cluster: 'prod-eu' },
        { act: 'suspend', cluster: 'prod-eu' },
      ],
    );
    assert.ok(presses.every(([, attributes = '']) => /confirmation="Ask prod-eu to /.test(attributes)));
  });

  it('offers to resume what a person suspended, and not what Git did', async () => {
    const sample = sampleFleet(NOW_MS);
    const suspended = {
      ...sample,
      clusters: sample.clusters.map((cluster) => ({
        ...cluster,
        applications: cluster.applications.map((status) =>
          status.application === 'shop'
            ? { ...status, suspend: true, suspension: { name: 'shop', by: 'Ana', atMs: NOW_MS - 60_000 } }
            : status,
        ),
      })),
    };
    const { show } = await widgetOf(suspended);
    const actsOf = (html: string) =>
      callsOf(html).flatMap((call) => (JSON.stringify(call).includes('"act"') ? [call] : []));

    const byPerson = await show({ page: '/clusters/prod-eu/applications/shop' });
    const byGit = await show({ page: '/clusters/prod-asia/applications/inventory' });

    assert.match(byPerson, /suspended by Ana, 1 m ago/);
    assert.deepEqual(actsOf(byPerson).at(-1), { act: 'resume', cluster: 'prod-eu', application: 'shop' });
    assert.deepEqual(actsOf(byGit), []);
  });

  it('shows the heads that the planner saw, without any repository', async () => {
    const sample = sampleFleet(NOW_MS);
    const { show, blobs } = await widgetOf({ ...sample, fleet: { ...sample.fleet, commits: 'commits/x' } });
    await blobs.write('commits/x', new TextEncoder().encode(JSON.stringify(sample.commits.slice(0, 5))));
    const without = await widgetOf(sample);

    assert.equal([...(await show({})).matchAll(/class="lane"/g)].length, 5);
    assert.equal([...(await without.show({})).matchAll(/class="lane"/g)].length, 1);
  });

  it('stays well below a megabyte when all is in trouble, and says how many clusters are not shown', async () => {
    const large = largeFleet(sampleFleet(NOW_MS), { clusters: 100, applications: 50 });
    const worst = {
      ...large,
      runs: large.runs.slice(0, 500),
      clusters: large.clusters.map((cluster) => ({
        ...cluster,
        applications: cluster.applications.map((status) => ({ ...status, health: 'degraded' as const })),
      })),
    };
    const { show } = await widgetOf(worst);

    const html = await show({ page: 'fleet' });

    assert.ok(html.length < 700_000, `${html.length}`);
    assert.match(html, /40 clusters more, in a better state than these, are not shown here/);
  });

  it('lets nothing out of a name or a message that a repository or a cluster planted', async () => {
    const { show } = await widgetOf(hostileFleet(sampleFleet(NOW_MS)));

    for (const page of ['fleet', 'problems', 'drift', 'runs']) {
      const html = await show({ page });
      assert.doesNotMatch(html, /<(script|img|iframe|object)\b/i, page);
      callsOf(html);
    }
  });
});
