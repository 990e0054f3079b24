/** A template as resources with their properties checked and their names known. */
import type { ZodError } from 'zod';
import { type Identity, loadTemplate, type Place, type RawResource, resolveProperties } from './load-template.ts';
import { type PropertiesOf, RESOURCE_TYPES, type ResourceType } from './resource-types.ts';
import { TemplateFault } from './template-fault.ts';

export interface StackResource<Type extends ResourceType> {
  readonly logicalId: string;
  /** Value of `Ref`. */
  readonly ref: string;
  readonly arn: string;
  readonly properties: PropertiesOf<Type>;
}

export interface Stack {
  readonly place: Place;
  all<Type extends ResourceType>(type: Type): readonly StackResource<Type>[];
}

/** Gives a resource its name and ARN, asking the service for those that only it can give. */
export type Identify = (resource: RawResource) => Promise<Identity>;

/**
 * Reads the stack; `identify` is asked once for each resource.
 *
 * @throws {TemplateFault} naming every type and property that is not known here, and whatever refers to nothing.
 */
export async function readStack(value: unknown, place: Place, identify: Identify): Promise<Stack> {
  const template = loadTemplate(value, place);
  const unknown = template.resources.filter(({ type }) => !isKnown(type));
  if (unknown.length > 0) {
    const names = unknown.map(({ logicalId, type }) => `${logicalId} (${type})`);
    throw new TemplateFault('template', `resource types that are not known here: ${names.join(', ')}`);
  }
  const identities = new Map(
    await Promise.all(
      template.resources.map(async (resource) => [resource.logicalId, await identify(resource)] as const),
    ),
  );
  const scope = template.scope(identities);
  const byType = Map.groupBy(
    template.resources.map((resource) => {
      const { logicalId, type } = resource;
      const identity = identities.get(logicalId) ?? { ref: logicalId, attributes: {} };
      const properties = checkProperties(resource, resolveProperties(resource, scope));
      return { logicalId, type, ref: identity.ref, arn: String(identity.attributes.Arn ?? identity.ref), properties };
    }),
    ({ type }) => type,
  );
  return {
    place,
    // What stands under a type was checked by the schema of that type.
    all: <Type extends ResourceType>(type: Type) =>
      (byType.get(type) ?? []) as unknown as readonly StackResource<Type>[],
  };
}

function isKnown(type: string): type is ResourceType {
  return type in RESOURCE_TYPES;
}

function checkProperties({ logicalId, type }: RawResource, properties: unknown): unknown {
  if (!isKnown(type)) throw new TemplateFault(logicalId, `the type ${type} is not known here`);
  const parsed = RESOURCE_TYPES[type].safeParse(properties);
  if (parsed.success) return parsed.data;
  throw new TemplateFault(`${logicalId} (${type})`, describe(parsed.error));
}

function describe({ issues }: ZodError): string {
  return issues
    .map((issue) =>
      issue.code === 'unrecognized_keys'
        ? `properties that are not known here: ${issue.keys.map((key) => [...issue.path, key].join('.')).join(', ')}`
        : `${issue.path.join('.')}: ${issue.message}`,
    )
    .join('; ');
}
