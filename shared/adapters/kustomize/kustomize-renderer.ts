import { PlumblineError } from '../../errors.ts';
import type { ExternalRenderer } from '../../model/external-renderer.ts';
import type { ExternalTool } from '../../model/external-tool.ts';
import { readKustomizeError, readKustomizeWarnings } from './kustomize-message.ts';

/** Returns the renderer of kustomizations: `kubectl kustomize`, without plugins, Helm or files beside a root. */
export function createKustomizeRenderer(kubectl: ExternalTool): ExternalRenderer {
  return {
    version: kubectl.version,
    run: async ({ subject, files, links = new Map(), path, arguments: flags, timeoutMs }) => {
      const parameters = ['kustomize', path === '' ? '.' : path, ...flags];
      const call = { subject, act: 'run kustomize', arguments: parameters, files, links, timeoutMs };
      const { exitCode, stdout, stderr } = await kubectl.run(call);
      if (exitCode === 0) return { yaml: stdout, warnings: readKustomizeWarnings(stderr) };
      const { place, wrong, remedy } = readKustomizeError(stderr);
      throw new PlumblineError([{ code: 'RenderFailed', subject: place ?? subject, act: 'kustomize', wrong, remedy }]);
    },
  };
}
