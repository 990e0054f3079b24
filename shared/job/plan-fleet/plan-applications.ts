/**
 * Which applications go to which cluster, and the input of each one's rendering: declarations and files in, digests out.
 * No cluster is asked and nothing is rendered here.
 */
import { isOwnFault, problemsOf } from '../../errors.ts';
import type { ClusterFacts } from '../../model/cluster-facts.ts';
import { selects } from '../../model/cluster-selector.ts';
import type { ApplicationDeclaration, ClusterDeclaration, FleetDeclarations } from '../../model/declarations.ts';
import { stringifyJson } from '../../model/json-text.ts';
import type { Problem } from '../../model/problem.ts';
import type { Commit } from '../../model/revision.ts';
import { closureOf } from '../../render/closure.ts';
import type { Closure } from '../../render/closure-builder.ts';
import type { FileTree } from '../../render/file-tree.ts';
import { factsNamedIn, moreFacts } from '../../render/helm-closure.ts';
import { inputDigestOf, loadInput, outlineOf, type RendererVersions, type RenderInput } from '../../render/input.ts';
import { type RenderedApplication, type RendererSettings, rendererSettingsOf } from '../../render/renderer-settings.ts';
import { resolveApplication } from '../../render/substitute.ts';
import type { OpenTree, OpenTrees } from './open-trees.ts';

/** One application as it is meant for one cluster. */
export interface PlannedApplication {
  readonly name: string;
  /** `${...}` filled in; undefined when that failed. */
  readonly declaration: ApplicationDeclaration | undefined;
  readonly input: PlannedInput;
  /** What it was called before; absent: nothing else. */
  readonly formerNames?: readonly string[];
}

export type PlannedInput =
  | {
      readonly state: 'known';
      readonly inputDigest: string;
      /** Head of the repository that the files come from. */
      readonly commit: Commit;
      /** Reads the files. */
      readonly load: () => Promise<RenderInput>;
    }
  /** The chart looks at facts that no run of this cluster has recorded yet. */
  | { readonly state: 'needs-facts' }
  | { readonly state: 'wrong'; readonly problems: readonly Problem[] };

export interface PlannedCluster {
  readonly cluster: ClusterDeclaration;
  /** Sorted by name. */
  readonly applications: readonly PlannedApplication[];
}

export interface PlanInput {
  readonly declarations: FleetDeclarations;
  readonly trees: OpenTrees;
  readonly versions: RendererVersions;
  readonly factsOf: (cluster: string) => ClusterFacts | undefined;
}

/** Returns every cluster with the applications selected for it. What is wrong with one application is its own. */
export async function planApplications(input: PlanInput): Promise<readonly PlannedCluster[]> {
  const closures: Closures = new Map();
  const clusters = input.declarations.clusters.map(async ({ declaration: cluster }) => {
    const selected = input.declarations.applications
      .map(({ declaration }) => declaration)
      .filter(({ spec }) => selects(spec.clusters, cluster))
      .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    const applications = selected.map(async (application) => ({
      ...(await planApplication(input, closures, { application, cluster })),
      ...(application.spec.formerName !== undefined && { formerNames: [application.spec.formerName].flat() }),
    }));
    return { cluster, applications: await Promise.all(applications) };
  });
  return Promise.all(clusters);
}

interface FoundClosure {
  readonly settings: RendererSettings;
  readonly closure: Closure;
}

/** By files, path and settings: most clusters share them. */
type Closures = Map<string, Promise<FoundClosure>>;

async function planApplication(
  input: PlanInput,
  closures: Closures,
  at: { readonly application: ApplicationDeclaration; readonly cluster: ClusterDeclaration },
): Promise<PlannedApplication> {
  const { name } = at.application.metadata;
  const resolved = resolveApplication(at.application, at.cluster);
  if (!resolved.ok) {
    const problems = resolved.faults.map(({ path, wrong, remedy }): Problem => {
      return { code: 'ConfigInvalid', subject: `Application ${name}`, act: `fill in ${path.join('.')}`, wrong, remedy };
    });
    return { name, declaration: undefined, input: { state: 'wrong', problems } };
  }
  const declaration = resolved.application;
  try {
    return { name, declaration, input: await planInput(input, closures, { declaration, cluster: at.cluster }) };
  } catch (error) {
    if (isOwnFault(error)) throw error;
    const problems = problemsOf(error, { subject: name, act: `plan for ${at.cluster.metadata.name}` });
    return { name, declaration, input: { state: 'wrong', problems } };
  }
}

async function planInput(
  { trees, versions, factsOf }: PlanInput,
  closures: Closures,
  { declaration, cluster }: { readonly declaration: ApplicationDeclaration; readonly cluster: ClusterDeclaration },
): Promise<PlannedInput> {
  const { metadata, spec } = declaration;
  const opened = await trees(spec.source);
  const application = { name: metadata.name, path: spec.source.path, render: spec.render, namespace: spec.namespace };
  const { settings, closure } = await findClosure(closures, opened, application);
  const facts = factsOf(cluster.metadata.name);
  if (facts === undefined && looksAtFacts(settings, closure)) return { state: 'needs-facts' };
  const outline = outlineOf(settings, closure, facts);
  const inputDigest = inputDigestOf(outline, versions);
  const subject = `${metadata.name} in ${cluster.metadata.name}`;
  const load = async (): Promise<RenderInput> => loadInput(outline, { subject, inputDigest, versions });
  return { state: 'known', inputDigest, commit: opened.commit, load };
}

function looksAtFacts(settings: RendererSettings, { facts }: Closure): boolean {
  return settings.kind === 'helm' && moreFacts(facts, factsNamedIn(stringifyJson(settings.values))) !== 'none';
}

async function findClosure(
  closures: Closures,
  opened: OpenTree,
  application: RenderedApplication,
): Promise<FoundClosure> {
  const key = stringifyJson([opened.key, application]);
  const finding = closures.get(key) ?? collect(opened.tree, application);
  closures.set(key, finding);
  return finding;
}

async function collect(tree: FileTree, application: RenderedApplication): Promise<FoundClosure> {
  const settings = await rendererSettingsOf(tree, application);
  return { settings, closure: await closureOf(tree, application.path, settings) };
}
