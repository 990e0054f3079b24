/** What the console sends to the function of a custom widget: text of strangers, parsed once. */
import { isJsonObject } from '../../shared/model/json.ts';

export interface WidgetCall {
  /** The console asks how the widget is used. */
  readonly describe: boolean;
  /** Of the page that is asked for, as the local server has it. */
  readonly path: string;
  readonly theme: 'light' | 'dark';
  readonly widgetId: string;
}

const LONGEST_PATH = 1_000;

/** Returns the call; whatever is not readable is the fleet's page, light. `page` is a path, or `fleet`, `drift` and so on. */
export function readWidgetCall(event: unknown): WidgetCall {
  const call = isJsonObject(event) ? event : {};
  const context = isJsonObject(call.widgetContext) ? call.widgetContext : {};
  const page = typeof call.page === 'string' ? call.page.slice(0, LONGEST_PATH) : 'fleet';
  return {
    describe: call.describe !== undefined && call.describe !== false,
    path: page.startsWith('/') ? page : page === 'fleet' ? '/' : `/${page}`,
    theme: context.theme === 'dark' ? 'dark' : 'light',
    widgetId: typeof context.widgetId === 'string' ? context.widgetId : 'widget',
  };
}
