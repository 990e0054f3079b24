import * as z from 'zod';
import { applicationTemplateSchema } from './application-template.ts';
import { applicationSchema, clusterSchema, clusterSetSchema, fleetSchema, repositorySchema } from './declarations.ts';
import { fillable } from './fillable-schema.ts';
import { isJsonObject } from './json.ts';
import { trustedKeySchema } from './trusted-key.ts';

export const DECLARATION_SCHEMAS = {
  Application: applicationSchema,
  ApplicationTemplate: applicationTemplateSchema,
  Cluster: clusterSchema,
  ClusterSet: clusterSetSchema,
  Fleet: fleetSchema,
  Repository: repositorySchema,
  TrustedKey: trustedKeySchema,
} as const;

export type DeclarationKind = keyof typeof DECLARATION_SCHEMAS;
export const DECLARATION_KINDS = [
  'Application',
  'ApplicationTemplate',
  'Cluster',
  'ClusterSet',
  'Fleet',
  'Repository',
  'TrustedKey',
] as const satisfies DeclarationKind[];

/** JSON Schema of draft 2020-12, as far as the declarations use it. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Returns the JSON Schema of what people write: fields with a default may be left away. */
export function jsonSchemaOf(kind: DeclarationKind): JsonSchema {
  return z.toJSONSchema(DECLARATION_SCHEMAS[kind], {
    io: 'input',
    override: ({ path, jsonSchema }) => {
      if (kind === 'ApplicationTemplate' && path.join('.') === MADE_SPEC) Object.assign(jsonSchema, madeSpec());
    },
  });
}

/** Editors know there what may stand in an Application; with `forEach.clusters` it has no selector. */
function madeSpec(): JsonSchema {
  const spec = jsonSchemaOf('Application').properties?.spec;
  if (!isJsonObject(spec)) return {};
  const { required, ...rest }: JsonSchema = spec;
  return {
    ...fillable({ ...rest, required: (required ?? []).filter((name) => name !== 'clusters') }),
    additionalProperties: true,
  };
}

const MADE_SPEC = 'properties.spec.properties.template.properties.spec';
