/** A CloudFormation template as tests look at it: resources by type, statements by function. */
import { z } from 'zod';

const statementSchema = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: z.union([z.string().transform((action) => [action]), z.array(z.string())]),
  Resource: z.unknown().optional(),
  Principal: z.unknown().optional(),
  Condition: z.unknown().optional(),
});
export type Statement = z.infer<typeof statementSchema>;

const policySchema = z.object({
  PolicyDocument: z.object({ Statement: z.array(statementSchema) }),
  Roles: z.array(z.object({ Ref: z.string() })).optional(),
});

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.union([z.string().transform((id) => [id]), z.array(z.string())]).default([]),
});
export type Resource = z.infer<typeof resourceSchema>;

export const templateSchema = z.looseObject({ Resources: z.record(z.string(), resourceSchema) });
export type Template = z.infer<typeof templateSchema>;

/** Returns the resources of a type with their logical ids, in the order of the template. */
export function resourcesOf({ Resources }: Template, type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(Resources).filter(([, { Type }]) => Type === type);
}

/** Returns the only resource of a type. */
export function onlyResource(template: Template, type: string): Resource {
  const [first, ...others] = resourcesOf(template, type);
  if (first === undefined || others.length > 0) throw new Error(`${others.length + 1} resources of type ${type}`);
  return first[1];
}

const functionSchema = z.looseObject({
  FunctionName: z.string(),
  Role: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
});

/** Returns the properties of each function by its name without `plumbline-<fleet>-`. */
export function functionsOf(template: Template): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  return new Map(
    resourcesOf(template, 'AWS::Lambda::Function').map(([, { Properties }]) => [
      functionSchema.parse(Properties).FunctionName.replace('plumbline-prod-', ''),
      Properties,
    ]),
  );
}

/** Returns what each function's role may do, by the function's name without `plumbline-<fleet>-`. */
export function statementsOf(template: Template): ReadonlyMap<string, readonly Statement[]> {
  const policies = resourcesOf(template, 'AWS::IAM::Policy').map(([, { Properties }]) =>
    policySchema.parse(Properties),
  );
  return new Map(
    [...functionsOf(template)].map(([name, properties]) => {
      const [role] = functionSchema.parse(properties).Role['Fn::GetAtt'];
      const own = policies.filter(({ Roles = [] }) => Roles.some(({ Ref }) => Ref === role));
      return [name, own.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)];
    }),
  );
}

/** Returns a resource of a statement as one line: `DataTable.Arn`, `arn:<Partition>:eks:*:<AccountId>:cluster/*`. */
export function formatResource(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const parsed = z
    .union([
      z.object({ Ref: z.string() }).transform(({ Ref }) => `<${Ref.replace('AWS::', '')}>`),
      z
        .object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) })
        .transform(({ 'Fn::GetAtt': [id, attribute] }) => `<${withoutHash(id)}.${attribute}>`),
      z
        .object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) })
        .transform(({ 'Fn::Join': [, parts] }) => parts.map(formatResource).join('')),
    ])
    .parse(resource);
  return parsed;
}

export function formatResources(resource: unknown): readonly string[] {
  return (Array.isArray(resource) ? resource : [resource]).map(formatResource);
}

/** Logical ids end in 8 characters that the CDK makes of the path. */
function withoutHash(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, '');
}
