import { createHelmRenderer } from '../../../shared/adapters/helm/helm-renderer.ts';
import { createKustomizeRenderer } from '../../../shared/adapters/kustomize/kustomize-renderer.ts';
import { findTools } from '../../../shared/adapters/tools/find-tools.ts';
import { PlumblineError } from '../../../shared/errors.ts';
import type { ClusterFacts } from '../../../shared/model/cluster-facts.ts';
import type { Rendering } from '../../../shared/model/desired-state.ts';
import type { Gathered } from '../../../shared/model/gathered.ts';
import { canonicalJson } from '../../../shared/model/json-text.ts';
import { closureOf } from '../../../shared/render/closure.ts';
import { type FileSource, readFileTree } from '../../../shared/render/file-tree.ts';
import { decodeInput, encodeInput, inputDigestOf, loadInput, outlineOf } from '../../../shared/render/input.ts';
import { mountedTree, sourceMount } from '../../../shared/render/mounted-tree.ts';
import type { Outside } from '../../../shared/render/outside.ts';
import { renderApplication } from '../../../shared/render/render-application.ts';
import { type RenderedApplication, rendererSettingsOf } from '../../../shared/render/renderer-settings.ts';

const tools = await findTools();

/** The real programs. */
const renderers = {
  helm: createHelmRenderer(tools.helm),
  kustomize: createKustomizeRenderer(tools.kubectl),
};

export type InApplication = Omit<RenderedApplication, 'name'> & {
  readonly facts?: ClusterFacts;
  readonly gathered?: Gathered;
  /** Default: nothing. */
  readonly outside?: Outside;
  /** Other sources of the application, by name. */
  readonly sources?: Readonly<Record<string, FileSource>>;
};

/** Renders an application of a repository the whole way: settings, closure, digest, input, a sealed blob's bytes, objects. */
export async function renderIn(
  source: FileSource,
  { facts, gathered, outside, sources = {}, ...application }: InApplication,
): Promise<Rendering> {
  const tree = mountedTree(await readFileTree(source));
  for (const [name, other] of Object.entries(sources)) tree.mount(sourceMount(name), await readFileTree(other));
  const settings = await rendererSettingsOf(tree, { name: 'web', ...application });
  const told = gathered && { gathered, digest: canonicalJson(gathered) };
  const outline = outlineOf(settings, await closureOf(tree, application.path, settings, outside), facts, told);
  const versions = { helm: renderers.helm.version, kustomize: renderers.kustomize.version };
  const inputDigest = inputDigestOf(outline, versions);
  const input = await loadInput(outline, { subject: 'web', inputDigest, versions });
  return renderApplication(decodeInput(encodeInput(input)), renderers);
}

/** Returns what rendering complains of, as people read it. */
export async function complaintsOf(source: FileSource, application: InApplication): Promise<readonly string[]> {
  try {
    await renderIn(source, application);
    return [];
  } catch (error) {
    if (error instanceof PlumblineError) return error.message.split('\n');
    throw error;
  }
}
