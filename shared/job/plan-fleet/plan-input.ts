/**
 * The inputs that an application has in one cluster: one for each of its sources that is rendered, each with a closure,
 * a digest and a cache entry of its own, and one digest for all of them.
 */
import type { ClusterFacts } from '../../model/cluster-facts.ts';
import type { ApplicationDeclaration, Declared } from '../../model/declarations.ts';
import type { SourceCommit } from '../../model/desired-state.ts';
import { stringifyJson } from '../../model/json-text.ts';
import type { Problem } from '../../model/problem.ts';
import type { Commit } from '../../model/revision.ts';
import { type ApplicationSource, sourcesOf } from '../../model/source-spec.ts';
import { closureOf } from '../../render/closure.ts';
import type { Closure } from '../../render/closure-builder.ts';
import { factsNamedIn, moreFacts } from '../../render/helm-closure.ts';
import { inputDigestOf, loadInput, outlineOf, type RendererVersions, type RenderInput } from '../../render/input.ts';
import { joinedDigest } from '../../render/joined-digest.ts';
import type { Outside } from '../../render/outside.ts';
import { type RenderedApplication, type RendererSettings, rendererSettingsOf } from '../../render/renderer-settings.ts';
import { readTold, type ToldDeps } from './gathered-inputs.ts';
import { type OpenSource, openApplicationSources } from './open-application-sources.ts';
import type { OpenTree, OpenTrees } from './open-trees.ts';

export type PlannedInput =
  | {
      readonly state: 'known';
      /** Of all the parts. */
      readonly inputDigest: string;
      /** Head of the repository that the files of the first part come from. */
      readonly commit: Commit;
      /** Of several sources, where each stands. */
      readonly sources?: readonly SourceCommit[];
      /** One a source that is rendered, in order. */
      readonly parts: readonly PlannedPart[];
    }
  /** The chart looks at facts that no run of this cluster has recorded yet. */
  | { readonly state: 'needs-facts' }
  | { readonly state: 'wrong'; readonly problems: readonly Problem[] };

/** One rendering. */
export interface PlannedPart {
  readonly inputDigest: string;
  /** Reads the files. */
  readonly load: () => Promise<RenderInput>;
}

export interface InputDeps {
  readonly trees: OpenTrees;
  /** What closures may fetch. */
  readonly outside: Outside;
  readonly versions: RendererVersions;
  readonly factsOf: (cluster: string) => ClusterFacts | undefined;
  /** What stands outside of Git. */
  readonly told: ToldDeps;
}

interface FoundClosure {
  readonly settings: RendererSettings;
  readonly closure: Closure;
}

/** By files, path and settings: most clusters share them. */
export type Closures = Map<string, Promise<FoundClosure>>;

/** @throws {PlumblineError} with what is wrong with the files, or with a repository that cannot be read. */
export async function planInput(
  deps: InputDeps,
  closures: Closures,
  at: Declared<ApplicationDeclaration> & { readonly cluster: string },
): Promise<PlannedInput> {
  const { declaration, location, cluster } = at;
  const { metadata, spec } = declaration;
  const sources = sourcesOf(spec);
  const [told, opened] = await Promise.all([
    Promise.all(sources.map((source) => readTold(deps.told, { declaration, source, cluster }))),
    openApplicationSources(deps, { sources, location }),
  ]);
  const problems = told.flatMap((result) => (result.state === 'wrong' ? result.problems : []));
  if (problems.length > 0) return { state: 'wrong', problems };
  const facts = deps.factsOf(cluster);
  const parts: PlannedPart[] = [];
  for (const [index, { source, place }] of opened.entries()) {
    const path = pathOf(source);
    if (path === undefined) continue;
    const application = { name: metadata.name, path, render: source.render, namespace: spec.namespace };
    const { settings, closure } = await findClosure(deps, closures, { place, application });
    const outside = told[index];
    const lacksFacts = facts === undefined && looksAtFacts(settings, closure);
    if (lacksFacts || outside?.state !== 'known') return { state: 'needs-facts' };
    const outline = outlineOf(settings, closure, facts, outside.told);
    const inputDigest = inputDigestOf(outline, deps.versions);
    const which = opened.length === 1 ? '' : ` (source ${labelOf(source, index)})`;
    const subject = `${metadata.name}${which} in ${cluster}`;
    const load = async (): Promise<RenderInput> =>
      loadInput(outline, { subject, inputDigest, versions: deps.versions });
    parts.push({ inputDigest, load });
  }
  return known(opened, parts);
}

function known(opened: readonly OpenSource[], parts: readonly PlannedPart[]): PlannedInput {
  const commits = opened.map(({ source, place }, index) => ({ source: labelOf(source, index), commit: place.commit }));
  const first = opened.find(({ source }) => pathOf(source) !== undefined);
  // The schema wants a source that is rendered.
  if (first === undefined) throw new Error('an application without a source');
  return {
    state: 'known',
    inputDigest: joinedDigest(parts.map(({ inputDigest }) => inputDigest)),
    commit: first.place.commit,
    ...(opened.length > 1 && { sources: commits }),
    parts,
  };
}

/** The folder that is rendered, a chart being the root of its own tree. */
function pathOf({ path, chart }: ApplicationSource): string | undefined {
  return chart === undefined ? path : '';
}

function labelOf({ name, repository }: ApplicationSource, index: number): string {
  return name ?? repository ?? String(index + 1);
}

function looksAtFacts(settings: RendererSettings, { facts }: Closure): boolean {
  return settings.kind === 'helm' && moreFacts(facts, factsNamedIn(stringifyJson(settings.values))) !== 'none';
}

async function findClosure(
  { outside }: InputDeps,
  closures: Closures,
  at: { readonly place: OpenTree; readonly application: RenderedApplication },
): Promise<FoundClosure> {
  const key = stringifyJson([at.place.key, at.application]);
  const finding = closures.get(key) ?? collect(at.place, at.application, outside);
  closures.set(key, finding);
  return finding;
}

async function collect({ tree }: OpenTree, application: RenderedApplication, outside: Outside): Promise<FoundClosure> {
  const settings = await rendererSettingsOf(tree, application);
  return { settings, closure: await closureOf(tree, application.path, settings, outside) };
}
