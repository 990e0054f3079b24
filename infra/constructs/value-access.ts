/** The right to read what renderings are told of AWS: no more than the settings name, and none where they name nothing. */
import { Stack, Token, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ValuesSetting } from '../config.ts';

/** Parameters and stacks of the own account, in every Region: their names are the border. */
export function valueReading(
  scope: Construct,
  { parameters = [], stacks = [] }: ValuesSetting,
): readonly PolicyStatement[] {
  const arnsOf = (service: string, paths: readonly string[]) =>
    paths.map((path) => {
      const [resource = '', ...name] = path.split('/');
      return Stack.of(scope).formatArn({ service, region: '*', resource, resourceName: name.join('/') });
    });
  return [
    ...(parameters.length === 0
      ? []
      : [
          new PolicyStatement({
            actions: ['ssm:GetParameters'],
            resources: arnsOf('ssm', parameters.map(parameterPath)),
          }),
        ]),
    ...(stacks.length === 0
      ? []
      : [
          new PolicyStatement({
            actions: ['cloudformation:DescribeStacks'],
            resources: arnsOf('cloudformation', stacks.map(stackPath)),
          }),
        ]),
  ];
}

/** cdk-nag sees the stars: those of the settings, and those for Regions and for the ids that stacks have. */
export function acceptValueFindings(role: Role, { parameters = [], stacks = [] }: ValuesSetting): void {
  const { account: place } = Stack.of(role);
  const account = Token.isUnresolved(place) ? '<AWS::AccountId>' : place;
  const resources = [
    ...parameters.map((name) => `ssm:*:${account}:${parameterPath(name)}`),
    ...stacks.map((name) => `cloudformation:*:${account}:${stackPath(name)}`),
  ];
  for (const resource of resources) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:${resource}]`,
      reason: 'the names are those that plumbline.config.ts gives, for reading alone',
    });
  }
}

/** The ARN of `/web/host` ends in `parameter/web/host`, that of `host` in `parameter/host`. */
function parameterPath(name: string): string {
  return `parameter/${name.replace(/^\//, '')}`;
}

/** Behind its name a stack has an id that is new each time it is made. */
function stackPath(name: string): string {
  return `stack/${name}/*`;
}
