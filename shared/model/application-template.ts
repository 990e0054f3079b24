// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
/**
 * Many Applications from one declaration. What stands in `spec.template.spec` is taken as it is here: it becomes an
 * Application once the `${...}` of an item are filled in, and is checked as one then.
 */
import * as z from 'zod';
import { API_VERSION, clusterSelectorSchema, metadata } from './declarations.ts';
import { isJsonObject } from './json.ts';

/** A pattern of paths from the root of a repository. */
const pathPattern = z
  .string()
  .regex(
    /^(?!\/)(?!(.*\/)?\.\.?(\/|$)).+[^/]$/,
    'expected a path from the root of the repository, without "." and ".."',
  )
  .regex(/^(?!.*\$\{)/s, 'expected a path without "${"');

const placeFields = {
  path: pathPattern,
  repository: z
    .string()
    .min(1)
    .optional()
    .describe('Name of a Repository. Default: the one that the template stands in'),
  revision: z
    .string()
    .min(1)
    .optional()
    .describe('Branch, tag or commit id. Default: the commit of the template, HEAD of another repository'),
  exclude: z.array(pathPattern).default([]).describe('Patterns of what is left out'),
};

const directories = z.union([
  pathPattern,
  z.strictObject({
    ...placeFields,
    path: pathPattern.describe('Folders, "*" for any characters of a name, "**" for any folders: apps/*'),
  }),
]);

const files = z.union([
  pathPattern,
  z.strictObject({
    ...placeFields,
    path: pathPattern.describe('YAML or JSON files, each with one map of values: tenants/*.yaml'),
  }),
]);

/** The generators of `forEach`. */
const GENERATORS = ['clusters', 'directories', 'files', 'list'] as const;

const forEach = z
  .strictObject({
    clusters: clusterSelectorSchema
      .optional()
      .describe('Clusters, selected as in an Application: each application goes to that one alone, ${cluster.name}'),
    directories: directories.optional().describe('Folders that hold files: ${directory.path}, ${directory.name}'),
    files: files
      .optional()
      .describe('Files with values: ${file.path}, ${file.name} (without its ending), ${file.X.Y} from what it holds'),
    list: z.array(z.record(z.string(), z.unknown())).optional().describe('Maps of values: ${item.X}'),
    allowEmpty: z
      .boolean()
      .default(false)
      .describe('Take directories, files or a list without any item for meant; else that is an error'),
  })
  .refine((value) => !isJsonObject(value) || GENERATORS.some((name) => value[name] !== undefined), {
    error: `expected at least one of ${GENERATORS.map((name) => `"${name}"`).join(', ')}`,
    when: () => true,
    params: { remedy: 'say what there is to be one application for' },
  })
  .meta({ anyOf: GENERATORS.map((name) => ({ required: [name] })) });

export const applicationTemplateSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('ApplicationTemplate'),
  metadata,
  spec: z.strictObject({
    forEach: forEach.describe('One application for each item; with several generators for each combination of theirs'),
    template: z
      .strictObject({
        metadata: z
          .strictObject({
            name: z.string().min(1).describe('Different for each item: "${directory.name}-${cluster.name}"'),
          })
          .describe('How each application is called'),
        spec: z
          .record(z.string(), z.unknown())
          .describe('The spec of an Application; a text that is one ${...} alone takes its value with its type'),
      })
      .describe('The application of an item'),
  }),
});

export type ApplicationTemplateDeclaration = z.infer<typeof applicationTemplateSchema>;
export type ForEach = ApplicationTemplateDeclaration['spec']['forEach'];
export type PathGenerator = Exclude<NonNullable<ForEach['directories']>, string>;
