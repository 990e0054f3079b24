/** Has one input rendered by the isolated renderer: opens what is sealed, calls, seals what comes back. Woken by nudges. */
import type { CallRenderer } from '../shared/adapters/lambda/invoke-renderer.ts';
import type { FunctionSettings } from '../shared/config/function-settings.ts';
import type { BlobStore } from '../shared/job/ports.ts';
import { renderByCall } from '../shared/job/render-call.ts';
import { type RenderDeps, renderInput } from '../shared/job/render-input.ts';
import { steadyClock } from './base/clock.ts';
import type { FunctionWorld } from './base/invocation.ts';
import { type NudgeWork, nudgeFunction } from './base/nudge-function.ts';
import { openBlobs } from './base/open-blobs.ts';
import { messagesFrom, openQueue } from './base/open-queue.ts';
import { openRenderer } from './base/open-renderer.ts';
import { openState } from './base/open-state.ts';
import { createTelemetryNotifier } from './base/telemetry-notifier.ts';

interface RenderInputParts extends Pick<NudgeWork, 'place'>, Pick<RenderDeps, 'state' | 'queue' | 'monotonicMs'> {
  readonly openBlobs: () => Promise<BlobStore>;
  readonly callRenderer: CallRenderer;
}

export function renderInputFunction(open: (settings: FunctionSettings) => RenderInputParts, world?: FunctionWorld) {
  const openWork = (settings: FunctionSettings): NudgeWork => {
    const { place, openBlobs, callRenderer, ...parts } = open(settings);
    return {
      place,
      jobs: ({ telemetry, trace }) => ({
        renderInput: async (target) => {
          const render = renderByCall((request) => callRenderer(request, { trace }));
          const notifier = createTelemetryNotifier(telemetry);
          await renderInput({ ...parts, blobs: await openBlobs(), render, notifier }, { ...target, trace });
        },
      }),
    };
  };
  return nudgeFunction('render-input', openWork, world);
}

export const handler = renderInputFunction((settings) => ({
  place: messagesFrom(settings, settings.text('renderQueueUrl')),
  state: openState(settings),
  queue: openQueue(settings),
  openBlobs: openBlobs(settings),
  callRenderer: openRenderer(settings),
  monotonicMs: steadyClock(),
}));
