/** Renews the pictures of the page in docs/, or with a folder as argument takes one of every page. Run: `node test/e2e/page-screenshot.ts [folder]`. */
import { join } from 'node:path';
import { launchBrowser } from './page-browser.ts';
import { sampleFleet } from './page-sample.ts';
import { servePages } from './page-state.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SHOTS = [
  ['', 'fleet'],
  ['clusters/prod-us/applications/shop', 'application'],
  ['clusters/staging/applications/notifier', 'degraded'],
  ['clusters/prod-eu', 'cluster'],
  ['drift', 'drift'],
  ['runs', 'runs'],
  ['problems', 'problems'],
  ['runbook/healthtimeout', 'article'],
] as const;

/** Down to the end of the timeline. */
const FIRST_SCREENS = { x: 0, y: 0, width: 1280, height: 1410 };

const [folder] = process.argv.slice(2);
const pages = await servePages(sampleFleet);
const browser = await launchBrowser();
try {
  for (const colorScheme of ['light', 'dark'] as const) {
    const suffix = colorScheme === 'dark' ? '-dark' : '';
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 860 } });
    const page = await context.newPage();
    await page.goto(`${pages.url}?refresh=off`);
    const path = folder === undefined ? join(ROOT, 'docs', `page${suffix}.png`) : join(folder, `page${suffix}.png`);
    await page.screenshot({ path, fullPage: true, clip: FIRST_SCREENS });
    if (folder === undefined) continue;
    for (const width of [1280, 400]) {
      await page.setViewportSize({ width, height: 860 });
      for (const [address, name] of SHOTS) {
        await page.goto(pages.url + address);
        await page.screenshot({ path: join(folder, `${name}-${width}${suffix}.png`), fullPage: true });
      }
    }
  }
} finally {
  await browser.close();
  await pages.close();
}
