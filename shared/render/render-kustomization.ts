/**
 * Renders a kustomization below one of our own, which asks for origin annotations: they tell the file that each object
 * came from, and are taken off again. Whatever kustomize refuses because a file does not parse is said again with the
 * place that our own reader finds.
 */

import { PlumblineError } from '../errors.ts';
import type { RenderedObject } from '../model/desired-state.ts';
import type { ExternalRenderer } from '../model/external-renderer.ts';
import { isJsonObject } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import { joinPath, joinReference } from './file-tree.ts';
import type { RenderInput } from './input.ts';
import { objectsOf, throwProblems } from './read-objects.ts';
import { RENDER_TIMEOUT_MS, type Rendered } from './rendered.ts';
import { parseYaml, problemOfFault, readYaml } from './yaml.ts';

/** A folder for the repository and one beside it: a kustomization may not stand below one of its own bases. */
const REPOSITORY = 'repository-files';
const WRAPPER = 'origin-of-objects';
const ORIGIN = 'config.kubernetes.io/origin';

export async function renderKustomization(input: RenderInput, kustomize: ExternalRenderer): Promise<Rendered> {
  const { yaml, warnings } = await runKustomize(input, kustomize);
  const { documents, faults } = parseYaml(yaml);
  const read = objectsOf(documents, () => ({ path: joinPath(input.path, 'kustomization.yaml') }));
  const broken = faults.map((fault) => problemOfFault(fault, { subject: `${input.subject} as kustomize prints it` }));
  throwProblems([...broken, ...read.problems]);
  return { objects: read.objects.map(withOrigin), warnings };
}

async function runKustomize(input: RenderInput, kustomize: ExternalRenderer) {
  const wrapper = { resources: [`../${joinPath(REPOSITORY, input.path)}`], buildMetadata: ['originAnnotations'] };
  const inRepository = <T>(entries: ReadonlyMap<string, T>) =>
    [...entries].map(([path, value]) => [joinPath(REPOSITORY, path), value] as const);
  const ownFile = [`${WRAPPER}/kustomization.yaml`, new TextEncoder().encode(JSON.stringify(wrapper))] as const;
  try {
    return await kustomize.run({
      subject: input.subject,
      files: new Map([...inRepository(input.files), ownFile]),
      links: new Map(inRepository(input.links)),
      path: WRAPPER,
      arguments: [],
      timeoutMs: RENDER_TIMEOUT_MS,
    });
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    throwProblems(unreadableFiles(input.files));
    throw new PlumblineError([seenFromRepository(error.problems[0])], { cause: error });
  }
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
