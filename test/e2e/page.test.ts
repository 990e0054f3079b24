/** The pages in a real browser, over a real server, state file and blobs. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { hostileFleet } from '../unit/report/pages/hostile-fleet.ts';
import { launchBrowser, WITHOUT_CHROMIUM } from './page-browser.ts';
import { sampleFleet } from './page-sample.ts';
import { DRIFTED_BY } from './page-sample-runs.ts';
import { type ServedPages, servePages } from './page-state.ts';

const PATHS = [
  '',
  'clusters/staging',
  'clusters/prod-us/applications/notifier',
  'drift',
  'runs',
  'problems',
  'runbook/healthtimeout',
  'nowhere',
];

const WIDTHS = [1280, 1000, 800, 620, 400, 320];

/** As a person sees it: what is hidden does not count. */
async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).allInnerTexts()).join('\n');
}

describe('pages in Chromium', { skip: WITHOUT_CHROMIUM }, () => {
  let browser: Browser;
  let served: ServedPages;
  let pictures: string;

  before(async () => {
    [browser, served, pictures] = await Promise.all([
      launchBrowser(),
      servePages(sampleFleet),
      mkdtemp(join(tmpdir(), 'plumbline-pictures-')),
    ]);
  });
  after(async () => {
    await Promise.all([browser?.close(), served?.close()]);
    await rm(pictures, { recursive: true, force: true });
  });

  interface Visit {
    readonly page: Page;
    /** What the browser complained of: refused by the policy, failed to load. */
    readonly complaints: readonly string[];
  }

  async function visit(act: (visit: Visit) => Promise<void>, options: Parameters<Browser['newContext']>[0] = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const complaints: string[] = [];
    try {
      const page = await context.newPage();
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
      page.on('dialog', (dialog) => complaints.push(`a dialog opened: ${dialog.message()}`));
      await act({ page, complaints });
    } finally {
      await context.close();
    }
  }

  it('says in one sentence whether the fleet is true, and shows the grid, trouble first', async () => {
    await visit(async ({ page }) => {
      await page.goto(served.url);

      assert.equal(await textOf(page, 'h1'), '3 of 4 clusters are true to 4f9c2e1');
      const clusters = await page.locator('.grid tbody th a').allInnerTexts();
      assert.deepEqual(clusters, ['staging', 'prod-us', 'prod-asia', 'prod-eu']);
      const cell = page.getByRole('link', { name: 'notifier failed' });
      assert.match((await cell.getAttribute('title')) ?? '', /ImagePullBackOff/);
      assert.equal(await page.locator('.timeline li').count(), 14);
      assert.match(await textOf(page, '.timeline'), /prod-asia took 2 h/);
      const left = page.getByRole('region', { name: '1 cluster is declared no longer' });
      assert.deepEqual(await left.locator('tbody :is(th, td)').allInnerTexts(), [
        'prod-old',
        'ingress, shop',
        '18',
        '26 h ago',
      ]);
    });
  });

  it('leads from the grid to an application, and shows what it waits for and its objects', async () => {
    await visit(async ({ page }) => {
      await page.goto(`${served.url}?refresh=off`);
      await page
        .getByRole('row', { name: /prod-us/ })
        .getByRole('link', { name: 'notifier waiting' })
        .click();

      assert.equal(await textOf(page, 'h1'), 'notifier in prod-us');
      const text = await textOf(page, 'main');
      assert.match(text, /Waits for application shop: Deployment shop is progressing/);
      assert.match(text, /apps\/notifier\/base\/deployment\.yaml:85/);
      assert.match(text, /left alone: waits for wave 0/);
    });
  });

  it('names the culprit of drift, masks secrets and shows how to end a fight', async () => {
    await visit(async ({ page }) => {
      await page.goto(served.url);
      await page.getByRole('navigation').getByRole('link', { name: 'Drift' }).click();

      const text = await textOf(page, 'main');
      assert.match(text, new RegExp(`acme/shop:2\\.4\\.1-debug\\s+${DRIFTED_BY}`));
      assert.match(text, /kube-controller-manager has taken spec\.replicas/);
      assert.match(
        text,
        /ignore: \[\{group: apps, kind: Deployment, namespace: inventory, name: inventory, fields: \[\/spec\/replicas\]\}\]/,
      );
      assert.doesNotMatch(await page.content(), /czNjcjN0/);
    });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`fits every width from 320 pixels, without a complaint of the browser, ${colorScheme}`, async () => {
      await visit(
        async ({ page, complaints }) => {
          for (const path of PATHS) {
            await page.goto(served.url + path);
            for (const width of WIDTHS) {
              await page.setViewportSize({ width, height: 800 });
              const wanted = await page.evaluate('document.documentElement.scrollWidth');
              assert.equal(wanted, width, `/${path} at ${width} pixels`);
            }
            const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');

            assert.equal(
              ground,
              colorScheme === 'dark' ? 'rgb(16, 19, 24)' : 'rgb(246, 245, 241)',
              'its style is taken',
            );
            await page.screenshot({ path: join(pictures, `${colorScheme}.png`), fullPage: true });
          }
          // The page that is not there answers so.
          assert.deepEqual(
            complaints.filter((text) => !text.includes('404')),
            [],
          );
        },
        { colorScheme },
      );
    });
  }

  it('is reached by keyboard: the way past the head first, then every link, each with a visible focus', async () => {
    await visit(async ({ page }) => {
      await page.goto(`${served.url}?refresh=off`);
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to content');
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate('document.activeElement.id'), 'main');
      await page.keyboard.press('Tab');

      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');

      assert.equal(outline, 'solid');
      assert.equal(await page.locator('main :focus').count(), 1);
    });
  });

  it('has landmarks, one heading of the first rank, and tables whose heads are named', async () => {
    await visit(async ({ page }) => {
      for (const path of PATHS) {
        await page.goto(served.url + path);
        for (const role of ['banner', 'navigation', 'main', 'contentinfo'] as const) {
          assert.equal(await page.getByRole(role).count(), 1, `${role} of /${path}`);
        }
        assert.equal(await page.locator('h1').count(), 1, path);
        assert.equal(await page.locator('th:not([scope])').count(), 0, path);
        assert.equal(await page.locator('svg:not([aria-hidden=true]):not([role=img]):not(svg svg)').count(), 0, path);
      }
    });
  });

  it('renews the page of the fleet alone, and stops when asked', async () => {
    await visit(async ({ page }) => {
      const refresh = page.locator('meta[http-equiv=refresh]');
      await page.goto(served.url);
      assert.equal(await refresh.count(), 1);
      await page.getByRole('link', { name: 'Pause' }).click();
      assert.equal(await refresh.count(), 0);
      await page.goto(`${served.url}drift`);
      assert.equal(await refresh.count(), 0);
    });
  });

  it('runs and loads nothing that a repository or a cluster planted', async () => {
    const hostile = await servePages((nowMs) => hostileFleet(sampleFleet(nowMs)));
    try {
      await visit(async ({ page, complaints }) => {
        for (const path of ['', 'drift', 'runs', 'problems']) {
          await page.goto(hostile.url + path);
          assert.equal(
            await page.locator('script, img, iframe, object, [onload], [onerror], [onmouseover]').count(),
            0,
          );
        }
        await page.goto(hostile.url);
        await page.locator('.grid td a').first().click();
        assert.match(await textOf(page, 'h1'), /<script>alert\(1\)<\/script>/);
        assert.deepEqual(complaints, []);
      });
    } finally {
      await hostile.close();
    }
  });
});
