/** The widget in a real browser, its buttons on the real functions, and what they ask done in a real cluster. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { dashboardWidget } from '../../functions/dashboard-widget.ts';
import { fleetAction } from '../../functions/fleet-action.ts';
import type { BlobStore, StateStore } from '../../shared/job/ports.ts';
import { reconcileCluster } from '../../shared/job/reconcile-cluster.ts';
import { FakeBlobStore } from '../fakes/fake-blob-store.ts';
import { FakeQueue } from '../fakes/fake-queue.ts';
import { FakeStateStore } from '../fakes/fake-state-store.ts';
import { lambdaContext, recordedWorld } from '../functions/recorded-world.ts';
import { launchBrowser, WITHOUT_CHROMIUM } from './page-browser.ts';
import { sampleFleet } from './page-sample.ts';
import { storeFleet } from './page-state.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';
import { showWidget } from './widget-console.ts';

const WIDGET = lambdaContext().invokedFunctionArn;
const ACTION = 'arn:aws:lambda:eu-west-1:123456789012:function:plumbline-fleet-action';
const CLUSTER = 'under-test';

interface Shown {
  readonly fleet: string;
  readonly state: StateStore;
  readonly blobs: BlobStore;
}

/** Calls the functions as the console does. */
function functionsOf({ fleet, state, blobs }: Shown) {
  const variables = { PLUMBLINE_FLEET: fleet, PLUMBLINE_BRANCH: 'main', PLUMBLINE_ACTION_FUNCTION: ACTION };
  const world = recordedWorld(variables);
  const parts = { state, openBlobs: async () => blobs, readRunbook: async () => '## GuardRefused\nLook.\n' };
  const widget = dashboardWidget(() => parts, world);
  const action = fleetAction(() => ({ state, queue: new FakeQueue() }), world);
  let requests = 0;
  return async (endpoint: string, event: unknown): Promise<unknown> => {
    requests += 1;
    const context = lambdaContext(`request-${requests}`);
    if (endpoint === WIDGET) return widget(event, context);
    assert.equal(endpoint, ACTION);
    return action(event, context);
  };
}

describe('the widget in Chromium', { skip: WITHOUT_CHROMIUM }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  async function visit(
    shown: Shown,
    act: (page: Page, confirmations: readonly string[]) => Promise<void>,
    { theme = 'light', width = 1280 }: { readonly theme?: 'light' | 'dark'; readonly width?: number } = {},
  ) {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    const complaints: string[] = [];
    try {
      const page = await context.newPage();
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
      const options = { invoke: functionsOf(shown), endpoint: WIDGET, params: { page: 'fleet' }, theme, width };
      const { confirmations } = await showWidget(page, options);
      await act(page, confirmations);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  }

  async function sampleShown(): Promise<Shown> {
    const state = new FakeStateStore(Date.now());
    const blobs = new FakeBlobStore();
    await storeFleet(state, blobs, sampleFleet(await state.nowMs()));
    return { fleet: 'acme', state, blobs };
  }

  /** Opens one page after the other by what leads there, and returns how wide each was and on which ground. */
  async function widthsOf(page: Page): Promise<readonly string[]> {
    const seen: string[] = [];
    for (const link of ['', 'All runs', '', 'staging', 'HealthTimeout in the runbook']) {
      const before = await page.evaluate('shown');
      if (link === '') await page.evaluate('refresh()');
      else await page.getByRole('link', { name: link, exact: true }).first().click();
      await page.waitForFunction(`shown > ${before}`);
      const wide = await page.evaluate('document.getElementById("widget").scrollWidth');
      seen.push(
        `${wide} ${await page.evaluate('getComputedStyle(document.querySelector(".plumbline")).backgroundColor')}`,
      );
    }
    return seen;
  }

  for (const [theme, ground] of [
    ['light', 'rgb(246, 245, 241)'],
    ['dark', 'rgb(16, 19, 24)'],
  ] as const) {
    for (const width of [1280, 800, 400]) {
      it(`fits ${width} pixels in a ${theme} console, page by page`, async () => {
        const check = async (page: Page) => assert.deepEqual(await widthsOf(page), Array(5).fill(`${width} ${ground}`));

        await visit(await sampleShown(), check, { theme, width });
      });
    }
  }

  it('has one heading of the first rank, tables with named heads, and drawings with names', async () => {
    await visit(await sampleShown(), async (page) => {
      for (const path of [
        '/',
        '/clusters/staging',
        '/clusters/prod-us/applications/notifier',
        '/drift',
        '/runs',
        '/problems',
      ]) {
        await page.evaluate(`document.getElementById('widget').innerHTML = ''`);
        await page.evaluate(
          `invoke(${JSON.stringify(WIDGET)}, {page: ${JSON.stringify(path)}}).then((html) => { document.getElementById('widget').innerHTML = html; })`,
        );
        await page.waitForFunction('document.querySelector("#widget h1")');

        assert.equal(await page.locator('#widget h1').count(), 1, path);
        assert.equal(await page.locator('th:not([scope])').count(), 0, path);
        assert.equal(await page.locator('svg:not([aria-hidden=true]):not([role=img]):not(svg svg)').count(), 0, path);
        assert.equal(await page.locator('input:not(label input)').count(), 0, path);
        const orphans =
          '[...document.querySelectorAll("[aria-labelledby]")].filter((one) => !document.getElementById(one.getAttribute("aria-labelledby"))).length';
        assert.equal(await page.evaluate(orphans), 0, path);
      }
    });
  });

  it('leaves the console around it as it was', async () => {
    await visit(await sampleShown(), async (page) => {
      const styles =
        '[getComputedStyle(document.body).fontFamily, getComputedStyle(document.documentElement).colorScheme, getComputedStyle(document.getElementById("popup")).color]';
      const beside = await page.evaluate(styles);
      await page.evaluate('document.getElementById("widget").replaceChildren()');

      assert.deepEqual(await page.evaluate(styles), beside);
    });
  });

  describe('with a cluster', () => {
    let fleet: FleetUnderTest;
    before(async () => {
      fleet = await fleetUnderTest();
      const objects = ['a', 'b', 'c', 'd'].map((name) => configMap(`m-${name}`, 'x')).join('');
      await fleet.want({ web: { objects } });
      await fleet.settle();
    });
    after(() => fleet.close());

    const shown = (): Shown => ({ fleet: fleet.fleet, state: fleet.deps.state, blobs: fleet.deps.blobs });
    const work = () => reconcileCluster(fleet.deps, { fleet: fleet.fleet, cluster: CLUSTER, hop: 0 });
    const textOf = async (page: Page) => (await page.locator('#widget').textContent()) ?? '';
    const answerOf = (page: Page) =>
      page
        .getByRole('dialog')
        .textContent()
        .then((text) => text ?? '');

    async function openCluster(page: Page): Promise<void> {
      await page.evaluate('refresh()');
      await page.getByRole('link', { name: CLUSTER, exact: true }).first().click();
      await page.getByRole('heading', { level: 1, name: CLUSTER }).waitFor();
    }

    async function press(page: Page, name: string): Promise<string> {
      await page.evaluate('document.getElementById("popup").hidden = true');
      await page.getByRole('button', { name, exact: true }).first().click();
      await page.getByRole('dialog').waitFor();
      return answerOf(page);
    }

    it('is reconciled now, suspended and resumed by whoever presses, who is named', async () => {
      await visit(shown(), async (page, confirmations) => {
        await openCluster(page);
        assert.match(await press(page, 'Reconcile now'), /^Done\. asked under-test to reconcile now/);
        await work();
        assert.equal((await fleet.lastRun())?.cause, 'asked');

        await page.getByLabel('Your name').first().fill('Ana');
        assert.match(await press(page, 'Suspend'), /^Done\. asked under-test to suspend everything/);
        await openCluster(page);
        assert.match(await textOf(page), /Ana \(request .*\) asked .* ago to suspend everything; it waits/);
        await work();
        await openCluster(page);
        assert.match(await textOf(page), /the whole cluster is suspended by Ana \(request request-\d+\)/);
        assert.equal((await fleet.status()).suspend, true);

        assert.match(await press(page, 'Resume'), /^Done\./);
        await work();
        await openCluster(page);
        assert.equal((await fleet.status()).suspend, false);
        assert.equal(await page.getByRole('button', { name: 'Suspend', exact: true }).count(), 1);
        assert.deepEqual(confirmations, [
          'Ask under-test to reconcile now?',
          'Ask under-test to suspend everything?',
          'Ask under-test to resume everything?',
        ]);
      });
    });

    it('gets what a guard refused, once it is approved, and nothing more', async () => {
      await fleet.want({ web: { objects: configMap('m-a', 'x') } });
      await fleet.run();
      const named = (name: string) => ({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name });
      assert.ok(await fleet.read(named('m-b')));

      await visit(shown(), async (page) => {
        await openCluster(page);
        assert.match(
          await press(page, 'Approve these deletions'),
          /^Done\. asked under-test to approve [0-9a-f]{12} of web/,
        );
        await work();
        await fleet.settle();
        await openCluster(page);
        assert.equal(await page.getByRole('button', { name: 'Approve these deletions' }).count(), 0);
      });

      assert.equal(await fleet.read(named('m-b')), undefined);
      assert.ok(await fleet.read(named('m-a')));
    });

    it('gets all that is refused of a commit, once that commit is approved', async () => {
      await fleet.want({ web: { objects: ['a', 'b', 'c', 'd'].map((name) => configMap(`n-${name}`, 'x')).join('') } });
      await fleet.settle();
      await fleet.want({ web: { objects: configMap('n-a', 'x') } });
      await fleet.run();
      const named = (name: string) => ({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name });
      assert.ok(await fleet.read(named('n-b')));

      await visit(shown(), async (page, confirmations) => {
        await openCluster(page);
        assert.match(
          await press(page, 'Approve this commit everywhere'),
          /^Done\. asked under-test to approve what is refused of [0-9a-f]{7}; the next run does it/,
        );
        assert.match(confirmations.join(), /^Ask all clusters to approve what is refused of [0-9a-f]{7}\?$/);
        await fleet.settle();
        await openCluster(page);
        assert.equal(await page.getByRole('button', { name: 'Approve this commit everywhere' }).count(), 0);
      });

      assert.equal(await fleet.read(named('n-b')), undefined);
    });
  });
});
