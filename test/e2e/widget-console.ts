/**
 * What CloudWatch's console does with the HTML of a custom widget, as far as its contract says: takes scripts, frames
 * and `use` away, and lets each `cwdb-action` act on the element before it.
 */
import type { Page } from 'playwright-core';

/** What a call gives back to the console. */
export type Invoke = (endpoint: string, event: unknown) => Promise<unknown>;

export interface ConsoleOptions {
  readonly invoke: Invoke;
  /** ARN of the widget's function. */
  readonly endpoint: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly theme: 'light' | 'dark';
  /** Of the widget, in pixels. */
  readonly width: number;
}

export interface WidgetConsole {
  /** What people were asked to confirm, in order. */
  readonly confirmations: readonly string[];
}

const frameOf = (width: number) => `<!doctype html><html lang="en"><head><title>Dashboard</title></head>
<body style="margin:0"><main id="widget" style="overflow-x:auto;width:${width}px"></main><div id="popup" role="dialog" aria-label="Answer" hidden></div></body></html>`;

const SCRIPT = `
  const UNSAFE = 'script, iframe, use, object, embed, link, meta, base';
  const context = (extra) => ({
    widgetContext: { widgetId: 'widget-1', theme: THEME, params: PARAMS, forms: { all: formsOf() }, width: WIDTH, height: 600 }, ...extra });
  const formsOf = () => Object.fromEntries([...document.querySelectorAll('#widget input')].map((one) => [one.name, one.value]));
  const show = (html) => {
    const template = document.createElement('template');
    template.innerHTML = html;
    for (const one of template.content.querySelectorAll(UNSAFE)) { one.remove(); tookAway(one.outerHTML); }
    for (const one of template.content.querySelectorAll('*'))
      for (const { name } of [...one.attributes]) if (name.startsWith('on')) { one.removeAttribute(name); tookAway(name); }
    document.getElementById('widget').replaceChildren(template.content);
    for (const action of document.querySelectorAll('cwdb-action')) prepare(action);
    globalThis.shown += 1;
  };
  const prepare = (action) => {
    const target = action.previousElementSibling;
    const params = JSON.parse(action.textContent);
    const run = async () => {
      const question = action.getAttribute('confirmation');
      if (question && !(await confirms(question))) return;
      const html = await invoke(action.getAttribute('endpoint'), context(params));
      if (action.getAttribute('display') === 'popup') {
        const popup = document.getElementById('popup');
        popup.hidden = false;
        popup.innerHTML = html;
      } else show(html);
    };
    target.addEventListener(action.getAttribute('event') ?? 'click', run);
    target.addEventListener('keydown', (event) => { if (event.key === 'Enter') run(); });
  };
  globalThis.shown = 0;
  globalThis.refresh = async () => { document.getElementById('popup').hidden = true; show(await invoke(ENDPOINT, context(PARAMS))); };
`;

/** Puts the widget on a dashboard in `page`, which then shows it. */
export async function showWidget(page: Page, options: ConsoleOptions): Promise<WidgetConsole> {
  const confirmations: string[] = [];
  const { invoke, endpoint, params, theme, width } = options;
  await page.exposeFunction('invoke', (arn: string, event: unknown) => invoke(arn, event));
  await page.exposeFunction('confirms', (question: string) => confirmations.push(question) > 0);
  await page.exposeFunction('tookAway', (what: string) => {
    throw new Error(`the console takes away ${what}`);
  });
  await page.setContent(frameOf(width));
  const constants = `const [ENDPOINT, PARAMS, THEME, WIDTH] = ${JSON.stringify([endpoint, params, theme, width])};`;
  await page.addScriptTag({ content: `{ ${constants} ${SCRIPT} }` });
  await page.evaluate('refresh()');
  return { confirmations };
}
