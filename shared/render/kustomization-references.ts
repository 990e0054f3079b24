/**
 * What a kustomization, or a builtin generator or transformer of it, names besides itself. Source: kustomize api/types
 * Kustomization, v5.8.1.
 */
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';

export interface Reference {
  /** Where it stands in the document. */
  readonly at: readonly (string | number)[];
  readonly value: string;
  /**
   * `resource`: a manifest or a kustomization; `plugin`: settings of a generator, or a kustomization that makes them;
   * `inline plugin`: the settings themselves.
   */
  readonly role: 'resource' | 'component' | 'plugin' | 'inline plugin' | 'file';
}

const RESOURCES = { resources: 'resource', bases: 'resource', components: 'component' } as const;
const PLUGINS = ['generators', 'transformers', 'validators'] as const;
const FILES = ['crds', 'configurations'] as const;
const PATCHES = ['patches', 'patchesJson6902', 'replacements'] as const;

/** Returns the references of a kustomization in the order of its fields. */
export function referencesOf(kustomization: JsonObject): readonly Reference[] {
  return [
    ...Object.entries(RESOURCES).flatMap(([field, role]) => textsOf(kustomization, field, role)),
    ...FILES.flatMap((field) => textsOf(kustomization, field, 'file')),
    ...PATCHES.flatMap((field) => pathsOf(kustomization, field)),
    ...textsOf(kustomization, 'patchesStrategicMerge', 'file').filter(isPath),
    ...['configMapGenerator', 'secretGenerator'].flatMap((field) => generatorFiles(kustomization, field)),
    ...PLUGINS.flatMap((field) => textsOf(kustomization, field, 'plugin')).map(inlineOrNot),
    ...pathOf(kustomization.openapi, ['openapi']),
  ];
}

/** Returns the files that the settings of a builtin generator or transformer name. */
export function pluginReferences(settings: JsonObject): readonly Reference[] {
  return [
    ...pathOf(settings, []),
    ...textsOf(settings, 'paths', 'file').filter(isPath),
    ...pathsOf(settings, 'replacements'),
    ...sourcesOf(settings, []),
  ];
}

/** Returns the fields that would run programs or fetch charts, which is not done here. */
export function forbiddenFields(kustomization: JsonObject): readonly string[] {
  return ['helmCharts', 'helmChartInflationGenerator', 'helmGlobals'].filter((field) => field in kustomization);
}

/** Of a field that takes a path or YAML in place. */
function isPath({ value }: Reference): boolean {
  return !value.includes('\n') && !/^\s*[{[]|:\s/.test(value);
}

function inlineOrNot(reference: Reference): Reference {
  return isPath(reference) ? reference : { ...reference, role: 'inline plugin' };
}

function textsOf(document: JsonObject, field: string, role: Reference['role']): readonly Reference[] {
  return itemsOf(document[field]).flatMap((value, index) =>
    typeof value === 'string' ? [{ at: [field, index], value, role }] : [],
  );
}

function pathsOf(document: JsonObject, field: string): readonly Reference[] {
  return itemsOf(document[field]).flatMap((item, index) => pathOf(item, [field, index]));
}

function pathOf(value: Json | undefined, at: Reference['at']): readonly Reference[] {
  if (!isJsonObject(value) || typeof value.path !== 'string' || value.path === '') return [];
  return [{ at: [...at, 'path'], value: value.path, role: 'file' }];
}

function generatorFiles(document: JsonObject, field: string): readonly Reference[] {
  return itemsOf(document[field]).flatMap((item, index) => (isJsonObject(item) ? sourcesOf(item, [field, index]) : []));
}

/** `files` holds `path` or `key=path`. */
function sourcesOf(generator: JsonObject, at: Reference['at']): readonly Reference[] {
  const under = (references: readonly Reference[]) =>
    references.map((reference) => ({ ...reference, at: [...at, ...reference.at] }));
  const files = under(textsOf(generator, 'files', 'file')).map(({ value, ...rest }) => ({
    ...rest,
    value: value.slice(value.indexOf('=') + 1),
  }));
  const env =
    typeof generator.env === 'string' ? [{ at: [...at, 'env'], value: generator.env, role: 'file' as const }] : [];
  return [...files, ...under(textsOf(generator, 'envs', 'file')), ...env];
}

function itemsOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
