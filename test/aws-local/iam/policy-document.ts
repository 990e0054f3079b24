/** IAM policy documents as the template writes them. Elements that are not known here are refused. */
import { z } from 'zod';
import { TemplateFault } from '../template/template-fault.ts';

const TEXTS = z.union([z.string(), z.array(z.string())]).transform((value) => (Array.isArray(value) ? value : [value]));
const VALUES = z
  .union([z.string(), z.boolean(), z.number(), z.array(z.union([z.string(), z.boolean(), z.number()]))])
  .transform((value) => (Array.isArray(value) ? value : [value]).map(String));
const PRINCIPAL = z.union([
  z.literal('*').transform(() => ({ AWS: ['*'], Service: [], Federated: [] })),
  z
    .strictObject({ AWS: TEXTS.optional(), Service: TEXTS.optional(), Federated: TEXTS.optional() })
    .transform(({ AWS = [], Service = [], Federated = [] }) => ({ AWS, Service, Federated })),
]);

const STATEMENT = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Action: TEXTS.optional(),
    NotAction: TEXTS.optional(),
    Resource: TEXTS.optional(),
    NotResource: TEXTS.optional(),
    Principal: PRINCIPAL.optional(),
    Condition: z.record(z.string(), z.record(z.string(), VALUES)).optional(),
  })
  .transform((statement) => ({
    sid: statement.Sid,
    effect: statement.Effect,
    actions: statement.Action,
    notActions: statement.NotAction,
    resources: statement.Resource,
    notResources: statement.NotResource,
    principal: statement.Principal,
    conditions: Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ operator, key, values })),
    ),
  }));

const DOCUMENT = z.strictObject({
  Version: z.literal('2012-10-17').optional(),
  Id: z.string().optional(),
  Statement: z.union([STATEMENT.transform((one) => [one]), z.array(STATEMENT)]),
});

export type Statement = z.output<typeof STATEMENT>;
export type Condition = Statement['conditions'][number];
export type PolicyDocument = readonly Statement[];

/** Returns the statements of a policy. @throws {TemplateFault} with the element that is not known. */
export function parsePolicy(value: unknown, place: string): PolicyDocument {
  const parsed = DOCUMENT.safeParse(value);
  if (parsed.success) return parsed.data.Statement;
  throw new TemplateFault(
    place,
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  );
}
