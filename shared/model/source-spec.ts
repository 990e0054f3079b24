// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
/** Where the files of an application come from. */
import * as z from 'zod';
import { templatableName } from './declaration-fields.ts';

export const sourceSchema = z.strictObject({
  repository: templatableName
    .optional()
    .describe('Name of a Repository. Default: the one that the declaration stands in'),
  revision: z
    .string()
    .min(1)
    .optional()
    .describe('Branch, tag or commit id. Default: the commit of the declaration, HEAD of another repository'),
  path: z.string().min(1).describe('Folder below the root of the repository; ${cluster.labels.X} may stand in it'),
});

export type SourceSpec = z.infer<typeof sourceSchema>;
