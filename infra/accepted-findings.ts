/**
 * Findings of cdk-nag (AwsSolutions) that we accept, each with its reason. Synth fails on any other. What `*` may stand
 * for is narrowed further by test/infra: cdk-nag sees the star, not the actions beside it.
 */
import { CfnResource, Stack, Token, Validations } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { BLOB_KEY_PREFIX, BLOB_PREFIX } from '../shared/config/names.ts';
import type { FleetData } from './constructs/fleet-data.ts';
import type { PlumblineFunction } from './constructs/plumbline-function.ts';

interface Accepting {
  readonly data: FleetData;
  /** Where a trail keeps who pressed what, if it does. */
  readonly audit: IConstruct | undefined;
  readonly functions: readonly PlumblineFunction[];
  /** Functions that read blobs. */
  readonly readers: readonly PlumblineFunction[];
  /** Functions that ask EKS where a cluster is. */
  readonly locators: readonly PlumblineFunction[];
  readonly closedVpc: IConstruct;
}

export function acceptFindings({ data, audit, functions, readers, locators, closedVpc }: Accepting): void {
  accept(
    data.bucket,
    'AwsSolutions-S1',
    'access logs would need a bucket and money of their own; every blob is sealed, and CloudTrail data events can be switched on where who read what has to be known',
  );
  if (audit !== undefined) {
    accept(audit, 'AwsSolutions-S1', 'it is a log itself: CloudTrail alone writes to it, file by file with a digest');
  }
  accept(
    closedVpc,
    'AwsSolutions-VPC7',
    'no route, no endpoint and no rule leads out of this network, so there is no flow to log',
  );
  for (const { role } of functions) {
    accept(
      role,
      'AwsSolutions-IAM5[Resource::*]',
      'X-Ray, the network interfaces that Lambda makes, and eks:ListClusters let no resource be named',
    );
  }
  const bucket = logicalIdOf(data.bucket);
  for (const { role } of readers) {
    for (const prefix of [BLOB_PREFIX, BLOB_KEY_PREFIX]) {
      accept(
        role,
        `AwsSolutions-IAM5[Resource::<${bucket}.Arn>/${prefix}*]`,
        'names of blobs are HMACs of their content; the prefix is the narrowest pattern there is',
      );
    }
  }
  const { account: place } = Stack.of(data);
  const account = Token.isUnresolved(place) ? '<AWS::AccountId>' : place;
  for (const { role } of locators) {
    accept(
      role,
      `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:eks:*:${account}:cluster/*]`,
      'which clusters there are stands in Git, not here; where a cluster is gives no right in it',
    );
  }
}

function accept(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}

function logicalIdOf(construct: Construct): string {
  const { defaultChild } = construct.node;
  if (!CfnResource.isCfnResource(defaultChild)) throw new Error(`${construct.node.path} is no resource`);
  return Stack.of(construct).getLogicalId(defaultChild);
}
