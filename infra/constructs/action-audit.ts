/**
 * Who pressed a button. An invocation says nothing of its caller, so what is done is recorded under the id of its
 * request; CloudTrail knows the identity behind that id, if it is told to keep the invocations of this one function.
 */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PlumblineFunction } from './plumbline-function.ts';

const KEPT = Duration.days(365);

export class ActionAudit extends Construct {
  /** Where the trail writes to. It stays when the stack goes: what it holds is about people. */
  readonly bucket: Bucket;

  constructor(
    scope: Construct,
    id: string,
    { prefix, action }: { readonly prefix: string; readonly action: PlumblineFunction },
  ) {
    super(scope, id);
    const trailName = `${prefix}-actions`;
    this.bucket = new Bucket(this, 'Calls', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [{ id: 'calls', expiration: KEPT }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const allowed = this.#allowTrail(trailName);
    const trail = new CfnTrail(this, 'Trail', {
      trailName,
      s3BucketName: this.bucket.bucketName,
      isLogging: true,
      enableLogFileValidation: true,
      isMultiRegionTrail: false,
      includeGlobalServiceEvents: false,
      // What else happens in the account is not ours to keep.
      eventSelectors: [
        {
          includeManagementEvents: false,
          readWriteType: 'All',
          dataResources: [{ type: 'AWS::Lambda::Function', values: [action.lambda.functionArn] }],
        },
      ],
    });
    if (allowed !== undefined) trail.node.addDependency(allowed);
  }

  /** Lets this trail alone write into the bucket. Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail". */
  #allowTrail(trailName: string) {
    const { account } = Stack.of(this);
    const trailArn = Stack.of(this).formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: trailName });
    const principals = [new ServicePrincipal('cloudtrail.amazonaws.com')];
    const ofTrail = { 'aws:SourceArn': trailArn };
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['s3:GetBucketAcl'],
        resources: [this.bucket.bucketArn],
        conditions: { StringEquals: ofTrail },
      }),
    );
    return this.bucket.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`AWSLogs/${account}/*`)],
        conditions: { StringEquals: { ...ofTrail, 's3:x-amz-acl': 'bucket-owner-full-control' } },
      }),
    ).policyDependable;
  }
}
