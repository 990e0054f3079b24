/**
 * What is kept: the state table, the bucket of sealed blobs, and the key that seals them. All of it mirrors Git and the
 * clusters and could be rebuilt; it is kept at `destroy` all the same, because history cannot.
 */
import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { type Attribute, AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct, type IDependable } from 'constructs';
import { BLOB_LIFE_DAYS, BLOB_PREFIX, TABLE } from '../../shared/config/names.ts';

export class FleetData extends Construct {
  readonly table: Table;
  readonly bucket: Bucket;
  readonly key: Key;
  readonly fleet: string;

  constructor(scope: Construct, id: string, { fleet, keep }: { readonly fleet: string; readonly keep: boolean }) {
    super(scope, id);
    this.fleet = fleet;
    // What is kept when the stack goes is found by it.
    Tags.of(this).add('plumbline:fleet', fleet);
    const removalPolicy = keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

    this.key = new Key(this, 'Key', {
      description: 'Plumbline: wraps the keys of blobs, encrypts notifications',
      enableKeyRotation: true,
      removalPolicy,
    });

    const { dueIndex, runsIndex } = TABLE;
    // DynamoDB's own encryption: the table holds no secret value, and a key of ours would have to be opened to every
    // function that only wakes the fleet.
    this.table = new Table(this, 'Table', {
      partitionKey: attribute(TABLE.partitionKey),
      sortKey: attribute(TABLE.sortKey),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: TABLE.expires,
      removalPolicy,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: dueIndex.name,
      partitionKey: attribute(dueIndex.partitionKey),
      sortKey: attribute(dueIndex.sortKey),
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: [...dueIndex.projects],
    });
    this.table.addGlobalSecondaryIndex({
      indexName: runsIndex.name,
      partitionKey: attribute(runsIndex.partitionKey),
      sortKey: attribute(runsIndex.sortKey),
      projectionType: ProjectionType.ALL,
    });

    // No versions: a blob is never changed under its name, and one that is missing is made again.
    this.bucket = new Bucket(this, 'Blobs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [
        // The wrapped keys stand elsewhere: without them no blob could be opened.
        { id: 'blobs', prefix: BLOB_PREFIX, expiration: Duration.days(BLOB_LIFE_DAYS) },
        { id: 'uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy,
    });
  }

  /**
   * What has to outlive whoever writes blobs: at `destroy` the bucket's policy keeps them from writing (delete-blobs.ts),
   * and CloudFormation would remove it first.
   */
  get outlivesWriters(): readonly IDependable[] {
    return this.bucket.policy === undefined ? [] : [this.bucket.policy];
  }

  /** Requests that the table made wait, reads and writes. */
  metricThrottled(): MathExpression {
    const period = Duration.minutes(5);
    return new MathExpression({
      expression: 'FILL(reads, 0) + FILL(writes, 0)',
      label: 'throttled by the table',
      period,
      usingMetrics: {
        reads: this.table.metric('ReadThrottleEvents', { statistic: 'Sum', period }),
        writes: this.table.metric('WriteThrottleEvents', { statistic: 'Sum', period }),
      },
    });
  }
}

function attribute({ name, type }: { readonly name: string; readonly type: 'S' | 'N' }): Attribute {
  return { name, type: type === 'S' ? AttributeType.STRING : AttributeType.NUMBER };
}
