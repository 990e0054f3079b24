import * as z from 'zod';
import { templatable } from '../declaration-fields.ts';
import { objectReferenceSchema, valuesReferenceSchema } from './values-from.ts';

export const helmRendererSchema = z.strictObject({
  releaseName: templatable(
    /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/,
    'expected at most 53 lower-case letters, digits and "-"',
  ).optional(),
  valuesFiles: z.array(z.string()).default([]).describe("Relative to the application's path, later ones win"),
  valuesFrom: z
    .array(valuesReferenceSchema)
    .optional()
    .describe('Values from outside of Git, over those of the files and below "values"; later ones win'),
  values: z.record(z.string(), z.unknown()).default({}),
  lookup: z
    .array(objectReferenceSchema)
    .optional()
    .describe('Objects of the target cluster that templates may look up; every other lookup is an error'),
  includeCRDs: z.boolean().default(true),
});
