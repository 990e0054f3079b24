/** The frame around every page: head, navigation, foot. No script, no other file: one request is the whole page. */
import { createHash } from 'node:crypto';
import { type Html, html, printHtml } from './html.ts';
import { exactTime } from './moments.ts';
import type { Page, PageContext } from './page.ts';
import { DRIFT_PATH, FLEET_PATH, PROBLEMS_PATH, RUNS_PATH } from './paths.ts';
import { bobOf } from './plumb-bob.ts';
import { STYLE } from './style.ts';

/** What a `style-src` of a Content-Security-Policy has to name. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(printHtml(STYLE)).digest('base64')}'`;

/** How a page renews itself. */
export interface Refresh {
  readonly everySeconds: number;
  /** Stopped by the reader. */
  readonly paused: boolean;
}

/** Returns the whole document as text. Without `refresh` the page stays as it is. */
export function renderDocument(page: Page, context: PageContext, refresh?: Refresh): string {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refresh?.paused === false && html`<meta http-equiv="refresh" content="${refresh.everySeconds}">\n`}<title>${page.title} · ${context.fleet}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
${header(page, context)}
<main id="main" tabindex="-1">
${page.main}
</main>
${footer(context, refresh)}
</body>
</html>
`;
  return printHtml(document);
}

function header({ section }: Page, { fleet, branch, problems }: PageContext): Html {
  const entry = (path: string, name: string, own: Page['section'], amount = 0) =>
    html`<li><a href="${path}"${own === section && html` aria-current="page"`}>${name}${amount > 0 && html` <span class="count bad">${amount}</span>`}</a></li>`;
  return html`<header class="top">
<a class="brand" href="${FLEET_PATH}">${bobOf(0, 'brand-mark')}<span>Plumbline</span></a>
<p class="whose"><b>${fleet}</b> <span class="quiet">${branch}</span></p>
<nav aria-label="Pages"><ul>
${entry(FLEET_PATH, 'Fleet', 'fleet')}${entry(DRIFT_PATH, 'Drift', 'drift')}${entry(RUNS_PATH, 'Runs', 'runs')}${entry(PROBLEMS_PATH, 'Problems', 'problems', problems)}
</ul></nav>
</header>`;
}

function footer({ nowMs }: PageContext, refresh: Refresh | undefined): Html {
  const renewal =
    refresh !== undefined &&
    (refresh.paused
      ? html`<p>Paused. <a href="?">Go on refreshing</a></p>`
      : html`<p>Refreshes every ${refresh.everySeconds} s. <a href="?refresh=off">Pause</a></p>`);
  return html`<footer class="foot">${nowMs !== undefined && html`<p>As of ${exactTime(nowMs)}</p>`}${renewal}</footer>`;
}
