// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are variables of manifests, not of JavaScript
/** How an application is rendered; left away, the files decide. */
import * as z from 'zod';
import { atMostOneOf } from '../declaration-fields.ts';
import { directoryRendererSchema } from './directory.ts';
import { helmRendererSchema } from './helm.ts';
import { kustomizeRendererSchema } from './kustomize.ts';
import { substituteSchema } from './substitute.ts';

export const renderSettingsSchema = atMostOneOf(
  z.strictObject({
    directory: directoryRendererSchema
      .optional()
      .describe('Plain YAML and JSON files, as "kubectl apply" takes a folder'),
    kustomize: kustomizeRendererSchema
      .optional()
      .describe('A kustomization, and what is laid over it; {} for one as it is'),
    helm: helmRendererSchema.optional().describe('A chart, as "helm template" renders it'),
    substitute: substituteSchema
      .optional()
      .describe('Fills in ${NAME} in what is rendered. Default: nothing is filled in'),
  }),
  ['directory', 'kustomize', 'helm'],
);

export type RenderSettings = z.infer<typeof renderSettingsSchema>;
