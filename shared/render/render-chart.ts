/** Renders a Helm chart by `helm template`; its hooks come along, but for those that only `helm` itself runs. */
import type { RenderedObject } from '../model/desired-state.ts';
import type { ExternalRenderer } from '../model/external-renderer.ts';
import { stringifyJson } from '../model/json-text.ts';
import { readObjectPolicy } from '../model/object-policy/read-object-policy.ts';
import { joinPath, joinReference } from './file-tree.ts';
import type { RenderInput } from './input.ts';
import { objectsOf, throwProblems } from './read-objects.ts';
import { RENDER_TIMEOUT_MS, type Rendered } from './rendered.ts';
import type { RendererSettings } from './renderer-settings.ts';
import { placeInValues } from './values-place.ts';
import { parseYaml, problemOfFault } from './yaml.ts';
import { type DocumentText, splitDocuments, type YamlFault } from './yaml-stream.ts';

type ChartSettings = Extract<RendererSettings, { readonly kind: 'helm' }>;

const INLINE_VALUES = '.plumbline/values.yaml';

export async function renderChart(
  input: RenderInput,
  settings: ChartSettings,
  helm: ExternalRenderer,
): Promise<Rendered> {
  const valuesFiles = settings.valuesFiles.map((file) => joinReference(input.path, file) ?? file);
  throwProblems(unreadableValues(input, valuesFiles));
  const inline = new TextEncoder().encode(stringifyJson(settings.values));
  const { yaml, warnings } = await helm
    .run({
      subject: input.subject,
      files: new Map([...input.files, [INLINE_VALUES, inline]]),
      links: input.links,
      path: input.path,
      arguments: flagsOf(settings, [...valuesFiles, INLINE_VALUES], input.facts),
      timeoutMs: RENDER_TIMEOUT_MS,
    })
    .catch((error: unknown) => {
      throw placeInValues(error, {
        files: input.files,
        valuesFiles: [joinPath(input.path, 'values.yaml'), ...valuesFiles],
      });
    });
  const printed = readPrinted(yaml, input);
  const objects = printed.objects.filter((rendered) => !isForHelmAlone(rendered));
  return { objects, warnings: [...warnings, ...printed.warnings] };
}

function flagsOf(settings: ChartSettings, valuesFiles: readonly string[], facts: RenderInput['facts']) {
  const { kubernetesVersion, apiVersions } = facts;
  return [
    `--name-template=${settings.releaseName}`,
    `--namespace=${settings.namespace}`,
    ...valuesFiles.map((file) => `--values=${quoted(file)}`),
    settings.includeCRDs ? '--include-crds' : '--skip-crds',
    ...(kubernetesVersion === undefined ? [] : [`--kube-version=${kubernetesVersion}`]),
    ...(apiVersions ?? []).map((version) => `--api-versions=${version}`),
  ];
}

/** Helm reads these flags as lines of CSV. */
function quoted(path: string): string {
  return /[",]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
}

/** Helm names a values file that does not parse, but neither its folder nor a line of it. */
function unreadableValues({ files, path }: RenderInput, valuesFiles: readonly string[]) {
  return [joinPath(path, 'values.yaml'), ...valuesFiles].flatMap((file) => {
    const { faults } = parseYaml(new TextDecoder().decode(files.get(file)));
    return faults.map((fault) => problemOfFault(fault, { subject: file }));
  });
}

function readPrinted(yaml: string, { path, files }: RenderInput) {
  const sources = sourcesOf(splitDocuments(yaml).documents, path, files);
  const { documents, faults } = parseYaml(yaml);
  const read = objectsOf(documents, ({ index }) => ({ path: sources[index]?.path ?? path }));
  throwProblems([...faults.map((fault) => problemInTemplate(fault, sources, path)), ...read.problems]);
  return read;
}

interface PrintedFrom {
  /** Line of the output that the document begins on. */
  readonly line: number;
  /** Template in the repository. */
  readonly path: string;
}

/** Helm writes `# Source: chart/templates/a.yaml` above each document; those of a CRD file share the first one's. */
function sourcesOf(
  documents: readonly DocumentText[],
  chart: string,
  files: RenderInput['files'],
): readonly PrintedFrom[] {
  let path = chart;
  return documents.map(({ text, line, contentStart }) => {
    const named = /^# Source: [^/\n]+\/(.+)$/m.exec(text.slice(0, contentStart))?.[1]?.trim();
    if (named !== undefined) path = fileOf(joinPath(chart, named), files);
    return { line, path };
  });
}

/** A template of a packed dependency stands in its archive. */
function fileOf(path: string, files: RenderInput['files']): string {
  if (files.has(path)) return path;
  const name = /^(.*\/charts\/)([^/]+)\/(?!.*\/charts\/)/.exec(path);
  const archive =
    name === null ? undefined : [...files.keys()].find((file) => file.startsWith(`${name[1]}${name[2]}-`));
  return archive ?? path;
}

function problemInTemplate(fault: YamlFault, sources: readonly PrintedFrom[], chart: string) {
  const source = sources.findLast(({ line }) => line <= fault.line) ?? { line: 1, path: chart };
  const wrong = `what the template renders is no YAML that kubectl reads: ${fault.wrong}`;
  const remedy = `${fault.remedy} (line ${fault.line - source.line + 1} of what it renders)`;
  return { code: 'RenderFailed', subject: source.path, act: 'render', wrong, remedy } as const;
}

/** Hooks of `helm test` and of a rollback, which is a commit here. */
function isForHelmAlone({ object }: RenderedObject): boolean {
  return readObjectPolicy(object).policy.hook?.runs.length === 0;
}
