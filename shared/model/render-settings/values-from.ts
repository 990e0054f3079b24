/** Values that stand outside of Git: in a ConfigMap or Secret of the target cluster, in Parameter Store, in a stack. */
import * as z from 'zod';
import { exactlyOneOf, templatable, templatableName } from '../declaration-fields.ts';

const OBJECT_NAME = templatable(
  /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
  'expected the name of an object: lower-case letters, digits, "-" and "."',
);
const REGION = templatable(/^[a-z]{2}(-[a-z]+)+-\d+$/, 'expected a region, as eu-central-1')
  .optional()
  .describe('Default: the region of the installation');

/** Kubernetes, "ConfigMaps" and "Secrets": what keys are made of. */
const keyed = z.strictObject({
  name: OBJECT_NAME.describe('Of the object'),
  namespace: templatableName.optional().describe('Default: spec.namespace of the application'),
  key: templatable(/^[-._a-zA-Z0-9]{1,253}$/, 'expected a key of its data')
    .optional()
    .describe('One key of its data. Default: every key, as a map of values'),
});

/** The places that a value may stand at; a reference names exactly one of them. */
const VALUE_PLACES = ['configMap', 'secret', 'ssmParameter', 'stackOutput'] as const;

export const referenceFields = {
  configMap: keyed.optional().describe('ConfigMap of the target cluster'),
  secret: keyed.optional().describe('Secret of the target cluster'),
  ssmParameter: z
    .strictObject({
      name: templatable(
        /^(arn:[\w:/.-]+|[\w./-]+(:[\w.-]+)?)$/,
        'expected the name of a parameter, as /web/host, or an ARN',
      ).describe('Of a parameter; "/web/host:3" is its third version'),
      region: REGION,
    })
    .optional()
    .describe('Parameter of Systems Manager; a SecureString is decrypted'),
  stackOutput: z
    .strictObject({
      stack: templatable(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/, 'expected the name of a stack').describe('Name of the stack'),
      output: templatable(/^[a-zA-Z0-9]{1,255}$/, 'expected the key of an output').describe('Key of the output'),
      region: REGION,
    })
    .optional()
    .describe('Output of a CloudFormation stack'),
  optional: z.boolean().default(false).describe('true: what is not there is left away. Default: the application waits'),
};

export const valuesReferenceSchema = exactlyOneOf(
  z.strictObject({
    ...referenceFields,
    targetPath: z
      .string()
      .min(1)
      .optional()
      .describe('Where the text goes, as "helm --set" writes it: image.tag. Default: the text is YAML of values'),
  }),
  VALUE_PLACES,
);

/** An object of the target cluster that the templates may look up. */
export const objectReferenceSchema = z.strictObject({
  apiVersion: z.string().min(1).describe('As the template names it'),
  kind: z.string().min(1).describe('As the template names it'),
  namespace: templatableName.optional().describe('Default: none, for kinds without namespaces and for lists of all'),
  name: OBJECT_NAME.optional().describe('Default: a list of all'),
});

export type ValuesReference = z.infer<typeof valuesReferenceSchema>;
export type ObjectReference = z.infer<typeof objectReferenceSchema>;
