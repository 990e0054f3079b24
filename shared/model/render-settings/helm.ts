import * as z from 'zod';
import { templatable } from '../declaration-fields.ts';

export const helmRendererSchema = z.strictObject({
  releaseName: templatable(
    /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/,
    'expected at most 53 lower-case letters, digits and "-"',
  ).optional(),
  valuesFiles: z.array(z.string()).default([]).describe("Relative to the application's path, later ones win"),
  values: z.record(z.string(), z.unknown()).default({}),
  includeCRDs: z.boolean().default(true),
});
