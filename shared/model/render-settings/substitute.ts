import * as z from 'zod';
import { exactlyOneOf } from '../declaration-fields.ts';
import { referenceFields } from './values-from.ts';

export const VARIABLE_NAME = /^[_a-zA-Z][_a-zA-Z0-9]*$/;

const { configMap, secret, optional } = referenceFields;

/** Variables in manifests, `${NAME}` as Flux's postBuild has them; without this setting a manifest is taken as it stands. */
export const substituteSchema = z.strictObject({
  variables: z
    .record(z.string().regex(VARIABLE_NAME, 'expected letters, digits and "_", no digit first'), z.string())
    .default({})
    .describe('Values by name of the variable; they win over those of "from"'),
  from: z
    .array(exactlyOneOf(z.strictObject({ configMap, secret, optional }), ['configMap', 'secret']))
    .default([])
    .describe('ConfigMaps and Secrets of the target cluster, each key of their data a variable; later ones win'),
  strict: z
    .boolean()
    .default(true)
    .describe('A variable without value and default is an error; false: it is an empty text'),
});
