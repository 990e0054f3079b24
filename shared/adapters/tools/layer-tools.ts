import { join } from 'node:path';
import { PlumblineError } from '../../errors.ts';
import type { ExternalTool } from '../../model/external-tool.ts';
import { runTool } from './run-tool.ts';
import { readToolVersion, type ToolName } from './tool-version.ts';

/**
 * Returns helm and kubectl of a Lambda layer that is mounted at `folder`, under the versions that they themselves name:
 * a layer that was exchanged is found out before it renders anything.
 *
 * @throws {StateUnavailable} when one is missing or does not run.
 */
export async function openLayerTools(folder: string): Promise<Readonly<Record<ToolName, ExternalTool>>> {
  const [helm, kubectl] = await Promise.all([openTool(folder, 'helm'), openTool(folder, 'kubectl')]);
  return { helm, kubectl };
}

async function openTool(folder: string, name: ToolName): Promise<ExternalTool> {
  const binary = join(folder, name, name);
  try {
    const version = await readToolVersion(binary, name);
    return { version: `${name} ${version}`, run: (call) => runTool(binary, call) };
  } catch (error) {
    const wrong = error instanceof Error ? error.message : String(error);
    const remedy = 'deploy the stack again: the layer of the function does not fit it';
    throw new PlumblineError([{ code: 'StateUnavailable', subject: binary, act: 'run the program', wrong, remedy }], {
      cause: error,
    });
  }
}
