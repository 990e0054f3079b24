/**
 * A page as a CloudWatch custom widget: no script, no frame, no link that the console could follow. What would be a link
 * calls the widget's function again, what is pressed calls fleet-action; `cwdb-action` acts on the element before it.
 * Source: "Custom widgets", Amazon CloudWatch User Guide (contract of 2026-11).
 */
import { actText, refusedText } from '../asked-text.ts';
import { html, printHtml } from './html.ts';
import { exactTime } from './moments.ts';
import type { Page, PageContext } from './page.ts';
import type { ButtonFor } from './press.ts';
import { DARK, LIGHT, variablesOf } from './style-colours.ts';
import { LAYOUT } from './style-layout.ts';
import { PARTS } from './style-parts.ts';

export interface WidgetFrame {
  /** ARN of the widget's own function. */
  readonly endpoint: string;
  readonly theme: 'light' | 'dark';
  /** Parts the ids of this widget from those of others on the same dashboard. */
  readonly widgetId: string;
  /** Where the page is: what failed is tried again there. */
  readonly path: string;
}

/** Names as Kubernetes has them: nothing in them means anything in JSON or HTML. */
const PLAIN = /^[\w.-]+$/;

/** Returns buttons that call the function at `endpoint`, which decides by IAM who may. */
export function widgetButtons(endpoint: string): ButtonFor {
  return (press, label) => {
    const { act, cluster, application, refusal, revision } = press;
    if (![cluster, application, refusal, revision].every((name) => name === undefined || PLAIN.test(name)))
      return html``;
    const what = revision === undefined ? actText(act, { application, subject: refusal }) : refusedText(revision);
    const fields = Object.entries({ act, cluster, application, refusal, revision }).flatMap(([name, value]) =>
      value === undefined ? [] : [html`"${name}":"${value}"`],
    );
    const json = html`{${fields.map((field, index) => (index === 0 ? field : html`,${field}`))}}`;
    return html`<a class="btn" role="button" tabindex="0">${label}</a><cwdb-action action="call" display="popup" endpoint="${endpoint}" confirmation="Ask ${cluster ?? 'all clusters'} to ${what}?">${json}</cwdb-action>`;
  };
}

/** Returns the page as the HTML of a widget. */
export function renderWidget(page: Page, { fleet, nowMs }: PageContext, frame: WidgetFrame): string {
  const foot = html`<p class="as-of quiet">${fleet}${nowMs !== undefined && html`, as of ${exactTime(nowMs)}`}</p>`;
  const main = withCalls(withOwnIds(printHtml(page.main), frame.widgetId), frame);
  return `<cwdb-no-default-styles></cwdb-no-default-styles><style>${styleFor(frame.theme)}</style><div class="plumbline"><div class="page">${main}${printHtml(foot)}</div></div>`;
}

/**
 * The pages' own style, for what is inside the widget alone; it asks for the width of the widget, not of the window. What
 * it says of html and body finds nothing here.
 */
function styleFor(theme: WidgetFrame['theme']): string {
  const inside = printHtml(html`${LAYOUT}${PARTS}`).replaceAll(/@media\((max|min)-width/g, '@container($1-width');
  const palette = variablesOf(theme === 'dark' ? DARK : LIGHT);
  return `.plumbline{color-scheme:${theme};${palette};${FRAME}${inside}${WIDGET_PARTS}}`;
}

const FRAME =
  'container-type:inline-size;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word;';

const WIDGET_PARTS = `
.page{display:grid;gap:1rem;padding:.8rem 1rem 1rem;grid-template-columns:minmax(0,1fr)}
.hero h1{font-size:1.6rem}
a{cursor:pointer;text-decoration-line:underline}
a.pill{text-decoration-line:none}
.as-of{font-size:.87rem}
cwdb-action{display:none}
`;

const LINK = /<a ([^>]*?)href="([^"]*)"([^>]*)>([\s\S]*?)<\/a>/g;
/** Cells of a large grid: thousands of calls would be most of the page, and the cluster's own page leads on. */
const DENSE_CELL = /^class="g /;

/** Our own HTML, in which every attribute is quoted and every `<`, `>` and `"` of foreign text escaped. */
function withCalls(markup: string, { endpoint, path }: WidgetFrame): string {
  const here = printHtml(html`${path}`);
  return markup.replaceAll(LINK, (_link, before: string, href: string, after: string, inner: string) => {
    if (DENSE_CELL.test(before)) return `<span role="img" ${before}${after}>${inner}</span>`;
    const page = href === '' ? here : href;
    return `<a role="link" tabindex="0" ${before}${after}>${inner}</a><cwdb-action action="call" display="widget" endpoint="${endpoint}">{"page":"${page}"}</cwdb-action>`;
  });
}

function withOwnIds(markup: string, widgetId: string): string {
  const prefix = widgetId.replaceAll(/[^\w-]/g, '');
  return markup.replaceAll(/ (id|aria-labelledby)="([^"]*)"/g, ` $1="${prefix}-$2"`);
}
