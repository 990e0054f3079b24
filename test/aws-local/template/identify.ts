/** What resources are called once they exist. Names are the template's, or made of the stack's and the logical id. */
import { createHash } from 'node:crypto';
import type { Identity, Place, RawResource } from './load-template.ts';

/** Properties that name a resource, by type. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
};

/** Returns the identity of everything whose name follows from the template; undefined: its service has to be asked. */
export function identityOf(resource: RawResource, place: Place, queueHost: string): Identity | undefined {
  const { account, region } = place;
  const name = nameOf(resource, place);
  const arn = (service: string, path: string) => `arn:aws:${service}:${region}:${account}:${path}`;
  switch (resource.type) {
    case 'AWS::DynamoDB::Table':
      return { ref: name, attributes: { Arn: arn('dynamodb', `table/${name}`) } };
    case 'AWS::EC2::VPC':
      return {
        ref: name,
        attributes: { VpcId: name, CidrBlock: '10.0.0.0/16', DefaultSecurityGroup: `${name}-default` },
      };
    case 'AWS::EC2::SecurityGroup':
      return { ref: name, attributes: { GroupId: name } };
    case 'AWS::EC2::Subnet':
      return { ref: name, attributes: { SubnetId: name } };
    case 'AWS::Events::Rule':
      return { ref: name, attributes: { Arn: arn('events', `rule/${name}`) } };
    case 'AWS::IAM::Role':
      return { ref: name, attributes: { Arn: `arn:aws:iam::${account}:role/${name}`, RoleId: `AROA${digest(name)}` } };
    case 'AWS::KMS::Key':
    case 'AWS::Lambda::Url':
      return undefined;
    case 'AWS::Lambda::Function':
      return { ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } };
    case 'AWS::Lambda::LayerVersion':
      return { ref: arn('lambda', `layer:${name}:1`), attributes: {} };
    case 'AWS::Logs::LogGroup':
      return { ref: name, attributes: { Arn: `${arn('logs', `log-group:${name}`)}:*` } };
    case 'AWS::S3::Bucket':
      return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
    case 'AWS::SNS::Topic':
      return {
        ref: arn('sns', name),
        attributes: { Arn: arn('sns', name), TopicName: name, TopicArn: arn('sns', name) },
      };
    case 'AWS::SQS::Queue':
      return {
        ref: `${queueHost}/${account}/${name}`,
        attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: `${queueHost}/${account}/${name}` },
      };
    default:
      return { ref: name, attributes: { Arn: arn('other', name) } };
  }
}

function nameOf({ logicalId, type, properties }: RawResource, { stack }: Place): string {
  const given = properties[NAMED_BY[type] ?? ''];
  if (typeof given === 'string') return given;
  const made = `${stack}-${logicalId}-${digest(`${stack}/${logicalId}`).slice(0, 8)}`;
  return type === 'AWS::S3::Bucket' ? made.toLowerCase().slice(-63) : made.slice(0, 64);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').toUpperCase().slice(0, 17);
}
