/** The right to read manifests from buckets: those that the settings name, below their prefix, and none by default. */
import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ManifestBucketSetting } from '../config.ts';

/** Buckets behind a role are read with that role's rights. */
export function bucketReading(
  scope: Construct,
  settings: readonly ManifestBucketSetting[],
): readonly PolicyStatement[] {
  return own(settings).flatMap(({ bucket, prefix }) => {
    const listing = new PolicyStatement({ actions: ['s3:ListBucket'], resources: [arnOf(scope, bucket)] });
    if (prefix !== undefined) listing.addCondition('StringLike', { 's3:prefix': `${prefix}*` });
    return [
      listing,
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [arnOf(scope, `${bucket}/${prefix ?? ''}*`)] }),
    ];
  });
}

/** cdk-nag sees the stars: they stand for the keys below a prefix. */
export function acceptBucketFindings(role: Role, settings: readonly ManifestBucketSetting[]): void {
  for (const { bucket, prefix = '' } of own(settings)) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${bucket}/${prefix}*]`,
      reason: 'the bucket and the prefix are those that plumbline.config.ts gives, for reading alone',
    });
  }
}

function own(settings: readonly ManifestBucketSetting[]): readonly ManifestBucketSetting[] {
  return settings.filter(({ roleArn }) => roleArn === undefined);
}

function arnOf(scope: Construct, resource: string): string {
  return Stack.of(scope).formatArn({ service: 's3', region: '', account: '', resource });
}
