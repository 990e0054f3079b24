/** How an application is rendered; left away, the files decide. */
import * as z from 'zod';
import { exactlyOneOf } from '../declaration-fields.ts';
import { directoryRendererSchema } from './directory.ts';
import { helmRendererSchema } from './helm.ts';
import { kustomizeRendererSchema } from './kustomize.ts';

export const renderSettingsSchema = exactlyOneOf(
  z.strictObject({
    directory: directoryRendererSchema.optional(),
    kustomize: kustomizeRendererSchema.optional(),
    helm: helmRendererSchema.optional(),
  }),
  ['directory', 'kustomize', 'helm'],
);

export type RenderSettings = z.infer<typeof renderSettingsSchema>;
