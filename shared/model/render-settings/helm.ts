import * as z from 'zod';
import { templatable } from '../declaration-fields.ts';
import { objectReferenceSchema, valuesReferenceSchema } from './values-from.ts';

export const helmRendererSchema = z.strictObject({
  releaseName: templatable(
    /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/,
    'expected at most 53 lower-case letters, digits and "-"',
  )
    .optional()
    .describe('Default: the name of the application'),
  valuesFiles: z
    .array(z.string())
    .default([])
    .describe(
      'Files of values, later ones win: paths and patterns (*, **) relative to the chart, or "$name/path" in the source of that name',
    ),
  ignoreMissingValuesFiles: z
    .boolean()
    .optional()
    .describe(
      'true: files that are not there, and patterns that match nothing, are left out. Default: they are errors',
    ),
  valuesFrom: z
    .array(valuesReferenceSchema)
    .optional()
    .describe('Values from outside of Git, over those of the files and below "values"; later ones win'),
  values: z.record(z.string(), z.unknown()).default({}).describe('Win over all files and over "valuesFrom"'),
  lookup: z
    .array(objectReferenceSchema)
    .optional()
    .describe('Objects of the target cluster that templates may look up; every other lookup is an error'),
  includeCRDs: z.boolean().default(true).describe('false: the CRDs in crds/ are left out'),
  skipSchemaValidation: z
    .boolean()
    .optional()
    .describe("true: values are not checked by the chart's values.schema.json"),
});
