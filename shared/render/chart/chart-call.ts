/**
 * What `helm template` is called with: the files of the repository in a folder of their own, and beside it everything
 * that is no file of the chart, so that `.Files` of a chart at the root of its repository does not see it.
 */
import { describePlace, type Gathered, type GatheredReference, valueAt } from '../../model/gathered.ts';
import { stringifyJson } from '../../model/json-text.ts';
import { joinPath } from '../file-tree.ts';
import type { RenderInput } from '../input.ts';
import { MOUNTS } from '../mounted-tree.ts';
import type { RendererSettings } from '../renderer-settings.ts';
import { valuesOfText } from './target-path.ts';

export type ChartSettings = Extract<RendererSettings, { readonly kind: 'helm' }>;

const REPOSITORY = 'repository-files';

export interface ChartCall {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly links: ReadonlyMap<string, string>;
  readonly path: string;
  readonly arguments: readonly string[];
}

/** Returns the call for `files`, which are those of the input or what they were replaced by. */
export function chartCall(input: RenderInput, settings: ChartSettings, files: RenderInput['files']): ChartCall {
  const own = [...gatheredValues(settings.valuesFrom ?? [], input.gathered), stringifyJson(settings.values)];
  const ownFiles = own.map(
    (text, index) => [`${MOUNTS}/values/${index}.yaml`, new TextEncoder().encode(text)] as const,
  );
  const valuesFiles = [...(input.valuesFiles ?? []).map(placeOf), ...ownFiles.map(([path]) => path)];
  return {
    files: new Map([...[...files].map(([path, content]) => [placeOf(path), content] as const), ...ownFiles]),
    links: new Map([...input.links].map(([path, target]) => [placeOf(path), target])),
    path: placeOf(input.path),
    arguments: flagsOf(settings, valuesFiles, input.facts),
  };
}

function placeOf(path: string): string {
  if (path.startsWith(`${MOUNTS}/`)) return path;
  return path === '' ? REPOSITORY : joinPath(REPOSITORY, path);
}

/** Returns a message of Helm's with paths as they are in the repository. */
export function seenFromRepository(message: string): string {
  return message.replaceAll(new RegExp(`(?:\\./)?${REPOSITORY}(?:/|(?=[\\s'":]|$))`, 'g'), '');
}

function gatheredValues(references: readonly GatheredReference[], gathered: Gathered | undefined): readonly string[] {
  return references.flatMap((reference) => {
    const value = valueAt(gathered, reference);
    return value.found === 'text'
      ? [valuesOfText(value.text, { targetPath: reference.targetPath, subject: describePlace(reference) })]
      : [];
  });
}

function flagsOf(
  settings: ChartSettings,
  valuesFiles: readonly string[],
  { kubernetesVersion, apiVersions }: RenderInput['facts'],
): readonly string[] {
  return [
    `--name-template=${settings.releaseName}`,
    `--namespace=${settings.namespace}`,
    ...valuesFiles.map((file) => `--values=${quoted(file)}`),
    settings.includeCRDs ? '--include-crds' : '--skip-crds',
    ...(settings.skipSchemaValidation === true ? ['--skip-schema-validation'] : []),
    ...(kubernetesVersion === undefined ? [] : [`--kube-version=${kubernetesVersion}`]),
    ...(apiVersions ?? []).map((version) => `--api-versions=${version}`),
  ];
}

/** Helm reads these flags as lines of CSV. */
function quoted(path: string): string {
  return /[",]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
}
