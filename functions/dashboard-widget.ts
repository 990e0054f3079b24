/** Shows the pages inside CloudWatch dashboards. It reads state and blobs, and nothing else. */
import { readFile } from 'node:fs/promises';
import type { FunctionSettings } from '../shared/config/function-settings.ts';
import type { BlobReader, StateStore } from '../shared/job/ports.ts';
import { readWidget } from '../shared/job/read-page.ts';
import { widgetButtons } from '../shared/report/pages/widget-document.ts';
import { type FunctionWorld, once } from './base/invocation.ts';
import { openBlobReader } from './base/open-blobs.ts';
import { openState } from './base/open-state.ts';
import { requestFunction } from './base/request-function.ts';
import { readWidgetCall } from './people/read-widget-call.ts';
import { WIDGET_DOCS } from './people/widget-docs.ts';

/** Keeps a page well below 1 MB however large the fleet is; measured by bench/widgets.ts. */
const BOUNDS = { cells: 3_000, items: 100 };

export interface WidgetParts {
  readonly state: StateStore;
  readonly openBlobs: () => Promise<BlobReader>;
  readonly readRunbook: () => Promise<string>;
}

export function dashboardWidget(open: (settings: FunctionSettings) => WidgetParts, world?: FunctionWorld) {
  const partsOf = once(open);
  return requestFunction(
    'dashboard-widget',
    async (event, { settings, telemetry, functionArn }) => {
      const { describe, ...frame } = readWidgetCall(event);
      if (describe) return WIDGET_DOCS;
      const { state, readRunbook, ...parts } = partsOf(settings);
      const deps = {
        ...{ state, readRunbook, blobs: await parts.openBlobs(), bounds: BOUNDS },
        fleet: { name: settings.text('fleet'), branch: settings.text('branch') },
        buttonFor: widgetButtons(settings.text('actionFunction')),
      };
      const { status, html } = await readWidget(deps, { ...frame, endpoint: functionArn });
      telemetry.info('page', { path: frame.path, status, bytes: Buffer.byteLength(html) });
      return html;
    },
    world,
  );
}

export const handler = dashboardWidget((settings) => ({
  state: openState(settings),
  openBlobs: openBlobReader(settings),
  // Put beside the code when that is bundled.
  readRunbook: () => readFile(new URL('runbook.md', import.meta.url), 'utf8'),
}));
