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
import { referencesOf } from '../../render/gathered-references.ts';
import { factsNamedIn, moreFacts } from '../../render/helm-closure.ts';
import { inputDigestOf, loadInput, outlineOf, type RendererVersions, type RenderInput } from '../../render/input.ts';
import { joinedDigest } from '../../render/joined-digest.ts';
import type { Outside } from '../../render/outside.ts';
import { type RendererSettings, rendererSettingsOf } from '../../render/renderer-settings.ts';
import { readTold, type ToldDeps, type ToldResult } from './gathered-inputs.ts';
import { type OpenSource, openApplicationSources } from './open-application-sources.ts';
import type { OpenTrees } from './open-trees.ts';

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
  /** The rendering looks at facts that no run of this cluster has recorded yet. */
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

interface OpenedPart {
  /** Place among the sources. */
  readonly index: number;
  readonly label: string;
  readonly settings: RendererSettings;
  readonly closure: Closure;
}

interface Opened {
  readonly sources: readonly OpenSource[];
  readonly parts: readonly OpenedPart[];
  /** Nothing of a cluster goes into it but the values that the declaration holds already. */
  readonly isShared: boolean;
}

interface Remembered {
  readonly opening: Promise<Opened>;
  /** The same for every cluster. */
  shared?: PlannedInput;
}

/** By declaration with `${...}` filled in: clusters that agree in the values share it, and what is found here. */
export type InputMemory = Map<ApplicationDeclaration, Remembered>;

type At = Declared<ApplicationDeclaration> & { readonly cluster: string };

/**
 * Opens what an application is made of, once for all clusters that agree in its values. What fails is told by
 * `planInput`.
 */
export async function openInput(deps: InputDeps, memory: InputMemory, at: At): Promise<void> {
  const remembered: Remembered = { opening: openParts(deps, at) };
  memory.set(at.declaration, remembered);
  const opened = await remembered.opening.catch(() => undefined);
  if (opened?.isShared) remembered.shared = inputOf(deps, at, { told: NOTHING_TOLD, opened });
}

/** Returns the input of an application that is the same for all clusters; undefined: it is not, or is not open. */
export function sharedInput(memory: InputMemory, declaration: ApplicationDeclaration): PlannedInput | undefined {
  return memory.get(declaration)?.shared;
}

/** @throws {PlumblineError} with what is wrong with the files, or with a repository that cannot be read. */
export async function planInput(deps: InputDeps, memory: InputMemory, at: At): Promise<PlannedInput> {
  const opening = memory.get(at.declaration)?.opening ?? openParts(deps, at);
  // Whatever is asked for together is read together.
  const [told, opened] = await Promise.all([toldTo(deps, at), opening]);
  return inputOf(deps, at, { told, opened });
}

async function toldTo({ told }: InputDeps, { declaration, cluster }: At): Promise<readonly ToldResult[]> {
  const sources = sourcesOf(declaration.spec);
  return Promise.all(sources.map((source) => readTold(told, { declaration, source, cluster })));
}

const NOTHING_TOLD: readonly ToldResult[] = [];

function isTold({ spec: { namespace } }: ApplicationDeclaration, { render }: ApplicationSource): boolean {
  const { places, objects } = referencesOf({ render, namespace });
  return places.length > 0 || objects.length > 0;
}

async function openParts(deps: InputDeps, { declaration, location }: At): Promise<Opened> {
  const { metadata, spec } = declaration;
  const sources = await openApplicationSources(deps, { sources: sourcesOf(spec), location });
  const parts: OpenedPart[] = [];
  for (const [index, { source, place }] of sources.entries()) {
    const path = pathOf(source);
    if (path === undefined) continue;
    const application = { name: metadata.name, path, render: source.render, namespace: spec.namespace };
    const settings = await rendererSettingsOf(place.tree, application);
    const closure = await closureOf(place.tree, path, settings, deps.outside);
    parts.push({ index, label: labelOf(source, index), settings, closure });
  }
  const isShared = !parts.some(looksAtFacts) && !sources.some(({ source }) => isTold(declaration, source));
  return { sources, parts, isShared };
}

function inputOf(
  { versions, factsOf }: InputDeps,
  { declaration, cluster }: At,
  { told, opened }: { readonly told: readonly ToldResult[]; readonly opened: Opened },
): PlannedInput {
  const problems = told.flatMap((result) => (result.state === 'wrong' ? result.problems : []));
  if (problems.length > 0) return { state: 'wrong', problems };
  const facts = factsOf(cluster);
  const parts: PlannedPart[] = [];
  for (const part of opened.parts) {
    const { index, label, settings, closure } = part;
    const outside = told[index] ?? { state: 'known' };
    if ((facts === undefined && looksAtFacts(part)) || outside.state !== 'known') return { state: 'needs-facts' };
    const outline = outlineOf(settings, closure, facts, outside.told);
    const inputDigest = inputDigestOf(outline, versions);
    const which = opened.sources.length === 1 ? '' : ` (source ${label})`;
    const subject = `${declaration.metadata.name}${which} in ${cluster}`;
    const load = async (): Promise<RenderInput> => loadInput(outline, { subject, inputDigest, versions });
    parts.push({ inputDigest, load });
  }
  return known(opened.sources, parts);
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

function looksAtFacts({ settings, closure }: OpenedPart): boolean {
  return settings.kind === 'helm' && moreFacts(closure.facts, factsNamedIn(stringifyJson(settings.values))) !== 'none';
}
