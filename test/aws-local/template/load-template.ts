/** Reads a synthesized template: its resources with every intrinsic function resolved, once their names are known. */
import { isJsonObject } from '../../../shared/model/json.ts';
import { holds, resolveValue, type TemplateScope } from './intrinsics.ts';
import { TemplateFault } from './template-fault.ts';

export interface RawResource {
  readonly logicalId: string;
  readonly type: string;
  /** Intrinsic functions are still in there. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What a resource is called once it exists: the value of `Ref`, and of `Fn::GetAtt`. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Place {
  readonly account: string;
  readonly region: string;
  readonly stack: string;
}

export interface Template {
  readonly resources: readonly RawResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** A scope in which resources are called as `identities` says. */
  scope(identities: ReadonlyMap<string, Identity>): TemplateScope;
}

/** Sections that say nothing about what is made. */
const OTHER_SECTIONS = ['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Rules', 'Transform'];
const SECTIONS = ['Resources', 'Parameters', 'Conditions', 'Outputs'];
/** `DependsOn`: everything is made in one go here; the policies: nothing is ever removed from a running stack. */
const RESOURCE_KEYS = [
  'Type',
  'Properties',
  'Condition',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
];

/** Reads a template; resources whose condition does not hold are left out. @throws {TemplateFault} */
export function loadTemplate(value: unknown, place: Place): Template {
  const root = object(value, 'template');
  for (const key of Object.keys(root)) {
    if (![...SECTIONS, ...OTHER_SECTIONS].includes(key))
      throw new TemplateFault('template', `${key} is not known here`);
  }
  const section = (name: string) => object(root[name] ?? {}, name);
  const parameters = section('Parameters');
  const conditions = section('Conditions');
  const scope = (identities: ReadonlyMap<string, Identity>): TemplateScope => {
    const itself: TemplateScope = {
      ref: (name, at) => pseudo(name, place) ?? parameter(parameters, name) ?? identity(identities, name, at).ref,
      attribute: (logicalId, name, at) => {
        const value = identity(identities, logicalId, at).attributes[name];
        if (value === undefined) throw new TemplateFault(at, `${logicalId} has no attribute ${name} here`);
        return value;
      },
      condition: (name, at) => {
        if (!(name in conditions)) throw new TemplateFault(at, `there is no condition ${name}`);
        return holds(conditions[name], itself, `Conditions.${name}`);
      },
    };
    return itself;
  };
  const bare = scope(new Map());
  const resources = Object.entries(section('Resources')).flatMap(([logicalId, entry]) => {
    const resource = object(entry, logicalId);
    for (const key of Object.keys(resource)) {
      if (!RESOURCE_KEYS.includes(key)) throw new TemplateFault(logicalId, `${key} of a resource is not known here`);
    }
    if (typeof resource.Condition === 'string' && !bare.condition(resource.Condition, logicalId)) return [];
    if (typeof resource.Type !== 'string') throw new TemplateFault(logicalId, 'it has no type');
    return [{ logicalId, type: resource.Type, properties: object(resource.Properties ?? {}, logicalId) }];
  });
  return { resources, outputs: section('Outputs'), scope };
}

/** Returns the properties of a resource with nothing left to resolve. */
export function resolveProperties({ logicalId, properties }: RawResource, scope: TemplateScope): unknown {
  return resolveValue(properties, scope, logicalId);
}

function pseudo(name: string, { account, region, stack }: Place): string | undefined {
  const values: Readonly<Record<string, string>> = {
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stack}/00000000-0000-4000-8000-000000000000`,
    'AWS::StackName': stack,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  return values[name];
}

function parameter(parameters: Readonly<Record<string, unknown>>, name: string): unknown {
  if (!(name in parameters)) return undefined;
  const { Default: standard } = object(parameters[name], name);
  if (standard === undefined) throw new TemplateFault(`Parameters.${name}`, 'it has no default, and nobody gives one');
  return standard;
}

function identity(identities: ReadonlyMap<string, Identity>, logicalId: string, place: string): Identity {
  const found = identities.get(logicalId);
  if (found === undefined) throw new TemplateFault(place, `it refers to ${logicalId}, which does not exist`);
  return found;
}

function object(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (!isJsonObject(value)) throw new TemplateFault(place, 'expected an object');
  return value;
}
