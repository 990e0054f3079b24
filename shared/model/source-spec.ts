// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
/** Where the files of an application come from: one place, or several that are put together. */
import * as z from 'zod';
import { dnsName, exactlyOneOf, templatableName } from './declaration-fields.ts';
import { isJsonObject } from './json.ts';
import { type RenderSettings, renderSettingsSchema } from './render-settings/render-settings.ts';

const place = {
  repository: templatableName
    .optional()
    .describe('Name of a Repository. Default: the one that the declaration stands in'),
  revision: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Branch, tag, commit id, ref in full (refs/pull/7/head) or range of versions over tags (1.x, ^1.2); of a chart its version. Default: the commit of the declaration, HEAD of another repository',
    ),
  path: z
    .string()
    .min(1)
    .optional()
    .describe('Folder below the root of the repository; ${cluster.labels.X} may stand in it'),
  chart: z
    .string()
    .min(1)
    .optional()
    .describe('Name of a chart in a Repository of kind "helm" or "oci", instead of a path'),
};

export const sourceSchema = exactlyOneOf(z.strictObject(place), ['path', 'chart']);

/** One of several sources: rendered where it names a path or a chart, else only there for the others to refer to. */
const sourceEntrySchema = z
  .strictObject({
    name: dnsName.optional().describe('What the values files of the other sources call it: "$name/path"'),
    ...place,
    render: renderSettingsSchema.optional().describe('How this source is rendered'),
  })
  .refine((entry) => !isJsonObject(entry) || entry.path === undefined || entry.chart === undefined, {
    error: 'expected a "path" or a "chart", not both',
    when: () => true,
    params: { remedy: 'make two sources of them' },
  })
  .refine((entry) => !isJsonObject(entry) || isRendered(entry) || entry.name !== undefined, {
    error: 'it names neither "path" nor "chart", and nothing can refer to it without a "name"',
    when: () => true,
    params: { remedy: 'add what to render, or a name' },
  })
  .refine((entry) => !isJsonObject(entry) || isRendered(entry) || entry.render === undefined, {
    error: '"render" stands beside neither "path" nor "chart"',
    when: () => true,
    params: { remedy: 'add what to render, or remove "render"' },
  });

export const sourcesSchema = z
  .array(sourceEntrySchema)
  .min(1)
  .refine((entries) => !Array.isArray(entries) || entries.some((entry) => isJsonObject(entry) && isRendered(entry)), {
    error: 'none of the sources is rendered',
    when: () => true,
    params: { remedy: 'give one of them a "path" or a "chart"' },
  })
  .refine((entries) => !Array.isArray(entries) || !hasRepeats(entries.flatMap(nameOf)), {
    error: 'two sources have the same name',
    when: () => true,
    params: { remedy: 'rename one of them' },
  });

function isRendered({ path, chart }: { readonly path?: unknown; readonly chart?: unknown }): boolean {
  return path !== undefined || chart !== undefined;
}

function nameOf(entry: unknown): readonly unknown[] {
  return isJsonObject(entry) && entry.name !== undefined ? [entry.name] : [];
}

function hasRepeats(values: readonly unknown[]): boolean {
  return new Set(values).size < values.length;
}

/** One place that an application is made of. */
export interface ApplicationSource {
  /** What the others refer to it by. */
  readonly name?: string | undefined;
  readonly repository?: string | undefined;
  readonly revision?: string | undefined;
  /** At most one of `path` and `chart`; neither: it is not rendered itself. */
  readonly path?: string | undefined;
  readonly chart?: string | undefined;
  readonly render?: RenderSettings | undefined;
}

interface SourceFields {
  readonly source?: ApplicationSource | undefined;
  readonly sources?: readonly ApplicationSource[] | undefined;
  readonly render?: RenderSettings | undefined;
}

/** Returns the places of an application in the order in which their objects are put together, each with how it is rendered. */
export function sourcesOf({ source, sources, render }: SourceFields): readonly ApplicationSource[] {
  if (sources !== undefined) return sources;
  return source === undefined ? [] : [{ ...source, render }];
}

/** Returns where a source stands in the declaration, for errors. */
export function placeOfSource({ sources }: SourceFields, index: number): readonly (string | number)[] {
  return sources === undefined ? ['spec', 'source'] : ['spec', 'sources', index];
}
