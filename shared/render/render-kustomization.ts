/**
 * Renders a kustomization below one of our own. Ours lays over what the Application says, and asks for origin
 * annotations: they tell the file that each object came from, and are taken off again. Whatever kustomize refuses because
 * a file does not parse is said again with the place that our own reader finds; what it refuses of ours, with the setting.
 */

import { PlumblineError } from '../errors.ts';
import type { RenderedObject } from '../model/desired-state.ts';
import type { ExternalRenderer } from '../model/external-renderer.ts';
import { isJsonObject } from '../model/json.ts';
import { stringifyJson } from '../model/json-text.ts';
import type { Problem } from '../model/problem.ts';
import { joinPath, joinReference } from './file-tree.ts';
import { warnOfIdleImages } from './idle-images.ts';
import type { RenderInput } from './input.ts';
import { type KustomizeOverlay, type OverlayPart, partsOf, withParts } from './kustomize-overlay.ts';
import { throwProblems } from './read-objects.ts';
import { RENDER_TIMEOUT_MS, type Rendered } from './rendered.ts';
import { objectsWithVariables } from './variables/substitute-documents.ts';
import { parseYaml, problemOfFault, readYaml } from './yaml.ts';

/** A folder for the repository and one beside it: a kustomization may not stand below one of its own bases. */
const REPOSITORY = 'repository-files';
const WRAPPER = 'origin-of-objects';
const ORIGIN = 'config.kubernetes.io/origin';

export async function renderKustomization(
  input: RenderInput,
  overlay: KustomizeOverlay | undefined,
  kustomize: ExternalRenderer,
): Promise<Rendered> {
  const inRepository = (folder: string): string => `../${joinPath(REPOSITORY, folder)}`;
  const parts = partsOf(overlay, (component) => inRepository(joinReference(input.path, component) ?? component));
  const run = kustomizeRunner(input, kustomize);
  const { yaml, warnings } = await run(parts).catch(async (error: unknown) => {
    throw await explain(error, { input, parts, run });
  });
  const { documents, faults } = parseYaml(yaml);
  const read = objectsWithVariables(documents, () => ({ path: joinPath(input.path, 'kustomization.yaml') }), input);
  const broken = faults.map((fault) => problemOfFault(fault, { subject: `${input.subject} as kustomize prints it` }));
  throwProblems([...broken, ...read.problems]);
  const objects = read.objects.map(withOrigin);
  return { objects, warnings: [...warnings, ...warnOfIdleImages(overlay, objects)] };
}

type RunWith = (parts: readonly OverlayPart[]) => Promise<{
  readonly yaml: string;
  readonly warnings: readonly string[];
}>;

/** Returns what runs kustomize with more or fewer parts of the overlay. */
function kustomizeRunner(input: RenderInput, kustomize: ExternalRenderer): RunWith {
  const base = { resources: [`../${joinPath(REPOSITORY, input.path)}`], buildMetadata: ['originAnnotations'] };
  const inRepository = <T>(entries: ReadonlyMap<string, T>) =>
    [...entries].map(([path, value]) => [joinPath(REPOSITORY, path), value] as const);
  const files = inRepository(input.files);
  const links = new Map(inRepository(input.links));
  return (parts) => {
    const wrapper = new TextEncoder().encode(stringifyJson(withParts(base, parts)));
    return kustomize.run({
      subject: input.subject,
      files: new Map([...files, [`${WRAPPER}/kustomization.yaml`, wrapper]]),
      links,
      path: WRAPPER,
      arguments: [],
      timeoutMs: RENDER_TIMEOUT_MS,
    });
  };
}

interface FailedRun {
  readonly input: RenderInput;
  readonly parts: readonly OverlayPart[];
  readonly run: RunWith;
}

/** Returns why kustomize failed, seen from the repository and the declaration; throws what our own reader finds first. */
async function explain(error: unknown, { input, parts, run }: FailedRun): Promise<unknown> {
  if (!(error instanceof PlumblineError) || error.code !== 'RenderFailed') return error;
  throwProblems(unreadableFiles(input.files));
  const [problem] = error.problems;
  const isOfFile = problem.subject.startsWith(`${REPOSITORY}/`);
  // What took too long or too much would do so again.
  const isSaid = problem.act === 'kustomize';
  const guilty = isOfFile || !isSaid || parts.length === 0 ? undefined : await findGuilty({ parts, run, error });
  const seen = seenFromRepository(guilty?.error.problems[0] ?? problem);
  if (guilty?.setting === undefined) return new PlumblineError([seen], { cause: error });
  const { setting } = guilty;
  const ours = { subject: input.subject, wrong: `${setting}: ${seen.wrong}`, remedy: `correct ${setting}` };
  return new PlumblineError([{ ...seen, ...ours }], { cause: error });
}

interface Guilty {
  readonly error: PlumblineError;
  /** Undefined: it fails without any. */
  readonly setting: string | undefined;
}

/**
 * Kustomize's messages name no field of a kustomization. So it is run with fewer parts, halving: the part is found that
 * makes the parts before it fail. That costs a run for each doubling of the parts, of a failure alone.
 */
async function findGuilty({
  parts,
  run,
  error,
}: {
  readonly parts: readonly OverlayPart[];
  readonly run: RunWith;
  readonly error: PlumblineError;
}): Promise<Guilty> {
  const failureWith = async (count: number): Promise<PlumblineError | undefined> => {
    try {
      await run(parts.slice(0, count));
      return undefined;
    } catch (failure) {
      if (failure instanceof PlumblineError && failure.code === 'RenderFailed') return failure;
      throw failure;
    }
  };
  const plain = await failureWith(0);
  if (plain !== undefined) return { error: plain, setting: undefined };
  let good = 0;
  let bad = { count: parts.length, error };
  while (bad.count - good > 1) {
    const middle = Math.floor((good + bad.count) / 2);
    const failure = await failureWith(middle);
    if (failure === undefined) good = middle;
    else bad = { count: middle, error: failure };
  }
  return { error: bad.error, setting: parts[bad.count - 1]?.setting };
}

function unreadableFiles(files: RenderInput['files']): readonly Problem[] {
  return [...files].flatMap(([path, content]) => {
    if (!/\.ya?ml$/.test(path)) return [];
    const { faults } = parseYaml(new TextDecoder().decode(content));
    return faults.map((fault) => problemOfFault(fault, { subject: path }));
  });
}

function seenFromRepository(problem: Problem): Problem {
  const strip = (text: string) => text.replaceAll(new RegExp(`(?:\\.\\./)?${REPOSITORY}(?:/|(?=['" ]))`, 'g'), '');
  return { ...problem, subject: strip(problem.subject), wrong: strip(problem.wrong) };
}

function withOrigin({ object, source }: RenderedObject): RenderedObject {
  const { annotations, ...metadata } = object.metadata;
  if (annotations?.[ORIGIN] === undefined) return { object, source };
  const { [ORIGIN]: origin, ...others } = annotations;
  const kept = Object.keys(others).length === 0 ? metadata : { ...metadata, annotations: others };
  return { object: { ...object, metadata: kept }, source: sourceOf(origin) ?? source };
}

/** `path` of a manifest, or the kustomization (`configuredIn`) whose generator made the object. */
function sourceOf(origin: string): RenderedObject['source'] | undefined {
  const [first] = readYaml(origin, { subject: ORIGIN });
  if (!isJsonObject(first?.document)) return undefined;
  const named = first.document.path ?? first.document.configuredIn;
  const path = typeof named === 'string' ? joinReference(WRAPPER, named) : undefined;
  return path?.startsWith(`${REPOSITORY}/`) === true ? { path: path.slice(REPOSITORY.length + 1) } : undefined;
}
