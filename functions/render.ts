/** Runs helm and kustomize over what others wrote: bytes in, bytes out, no rights and no network. Invoked by render-input. */
import { createHelmRenderer } from '../shared/adapters/helm/helm-renderer.ts';
import { createKustomizeRenderer } from '../shared/adapters/kustomize/kustomize-renderer.ts';
import { packPayload, unpackPayload } from '../shared/adapters/lambda/render-payload.ts';
import { openLayerTools } from '../shared/adapters/tools/layer-tools.ts';
import type { FunctionSettings } from '../shared/config/function-settings.ts';
import { answerRenderCall } from '../shared/job/render-call.ts';
import type { ExternalTool } from '../shared/model/external-tool.ts';
import { type FunctionWorld, type Invocation, once, onceAsync } from './base/invocation.ts';
import { requestFunction } from './base/request-function.ts';

/** So long before Lambda ends us a tool is ended, which leaves time to say so. */
const LAST_WORDS_MS = 10_000;
/** Where Lambda mounts layers. */
const LAYER_FOLDER = '/opt';

interface RenderTools {
  readonly helm: ExternalTool;
  readonly kubectl: ExternalTool;
}

/** Returns the handler; `open` is called until it has succeeded once. */
export function renderFunction(open: (settings: FunctionSettings) => Promise<RenderTools>, world?: FunctionWorld) {
  const toolsOf = once((settings: FunctionSettings) => onceAsync(() => open(settings)));
  return requestFunction(
    'render',
    async (request, { settings, telemetry, remainingMs }) => {
      const answer = await answerRenderCall({
        read: () => unpackPayload(request),
        renderers: async () => {
          const { helm, kubectl } = await toolsOf(settings)();
          return {
            helm: createHelmRenderer(endingInTime(helm, remainingMs)),
            kustomize: createKustomizeRenderer(endingInTime(kubectl, remainingMs)),
          };
        },
        write: (objects) => packPayload(objects, 'the objects'),
      });
      // So that a trace goes through here too. Nothing of the files: they are what strangers wrote.
      telemetry.info('answered');
      return answer;
    },
    world,
  );
}

function endingInTime(tool: ExternalTool, remainingMs: Invocation['remainingMs']): ExternalTool {
  const limitMs = () => Math.max(0, remainingMs() - LAST_WORDS_MS);
  return { ...tool, run: (call) => tool.run({ ...call, timeoutMs: Math.min(call.timeoutMs, limitMs()) }) };
}

export const handler = renderFunction((settings) => openLayerTools(settings.optional('layerFolder') ?? LAYER_FOLDER));
