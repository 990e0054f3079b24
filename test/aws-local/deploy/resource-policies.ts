/** Policies of queues, buckets, topics, keys and roles: what the resource itself says about who may use it. */
import type { ResourceAccess } from '../iam/decide.ts';
import { matchesWildcard } from '../iam/match-wildcard.ts';
import { type PolicyDocument, parsePolicy } from '../iam/policy-document.ts';
import type { Stack } from '../template/read-stack.ts';
import { TemplateFault } from '../template/template-fault.ts';
import type { Roles } from './roles.ts';

/** Returns what a resource says about access to it; undefined: it has no say. */
export function resourcePolicies(stack: Stack, roles: Roles): (resource: string) => ResourceAccess | undefined {
  const { account } = stack.place;
  const keys = new Map(
    stack
      .all('AWS::KMS::Key')
      .map(({ arn, logicalId, properties }) => [arn, keyPolicy(properties.KeyPolicy, logicalId, arn)]),
  );
  const others = new Map<string, PolicyDocument>();
  const add = (arn: string | undefined, document: unknown, place: string) => {
    if (arn === undefined) throw new TemplateFault(place, 'it is about a resource that is not in the stack');
    others.set(arn, [...(others.get(arn) ?? []), ...parsePolicy(document, place)]);
  };
  const arnOf = (all: readonly { readonly ref: string; readonly arn: string }[], ref: string) =>
    all.find((one) => one.ref === ref)?.arn;
  for (const { logicalId, properties } of stack.all('AWS::SQS::QueuePolicy')) {
    for (const queue of properties.Queues)
      add(arnOf(stack.all('AWS::SQS::Queue'), queue), properties.PolicyDocument, logicalId);
  }
  for (const { logicalId, properties } of stack.all('AWS::S3::BucketPolicy')) {
    add(arnOf(stack.all('AWS::S3::Bucket'), properties.Bucket), properties.PolicyDocument, logicalId);
  }
  for (const { logicalId, properties } of stack.all('AWS::SNS::TopicPolicy')) {
    for (const topic of properties.Topics) add(topic, properties.PolicyDocument, logicalId);
  }
  for (const { logicalId, properties } of stack.all('AWS::Events::EventBusPolicy')) {
    const bus = `arn:aws:events:${stack.place.region}:${account}:event-bus/${properties.EventBusName}`;
    add(bus, { Statement: properties.Statement }, logicalId);
  }
  return (resource) => {
    if (resource.includes(':event-bus/')) {
      return { policy: others.get(resource) ?? [], voice: 'enough', account: resource.split(':')[4] ?? '' };
    }
    if (resource.includes(':role/')) {
      return { policy: roles.trustOf(resource), voice: 'required', account: resource.split(':')[4] ?? '' };
    }
    if (resource.startsWith('arn:aws:kms:')) {
      return { policy: keys.get(resource) ?? [], voice: 'required', account };
    }
    const policy = [...others].find(([arn]) => arn === resource || matchesWildcard(resource, `${arn}/*`))?.[1];
    return policy === undefined ? undefined : { policy, voice: 'enough', account };
  };
}

/** `*` in a key policy means the key itself. */
function keyPolicy(document: unknown, logicalId: string, arn: string): PolicyDocument {
  return parsePolicy(document, `${logicalId}.KeyPolicy`).map((statement) => ({ ...statement, resources: ['*', arn] }));
}
