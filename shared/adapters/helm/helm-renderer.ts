import { PlumblineError } from '../../errors.ts';
import type { ExternalRenderer } from '../../model/external-renderer.ts';
import type { ExternalTool } from '../../model/external-tool.ts';
import { readHelmError, readHelmWarnings } from './helm-message.ts';

/** Returns the renderer of charts: `helm template`, whose flags are the arguments of an input. */
export function createHelmRenderer(helm: ExternalTool): ExternalRenderer {
  return {
    version: helm.version,
    run: async ({ subject, files, links = new Map(), path, arguments: flags, timeoutMs }) => {
      const chart = path === '' ? '.' : path;
      const parameters = ['template', chart.includes('/') ? chart : `./${chart}`, ...flags];
      const call = { subject, act: 'helm template', arguments: parameters, files, links, timeoutMs };
      const { exitCode, stdout, stderr } = await helm.run(call);
      if (exitCode === 0) return { yaml: stdout, warnings: readHelmWarnings(stderr) };
      const { wrong, remedy, place } = readHelmError(stderr, path);
      throw new PlumblineError([
        { code: 'RenderFailed', subject: place ?? subject, act: 'helm template', wrong, remedy },
      ]);
    },
  };
}
