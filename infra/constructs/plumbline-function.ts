/**
 * One of our functions: Node 24, its own role, its own log group. The role starts with its log and traces alone; what
 * else it may do stands where it is made. No managed policy: those name no resource.
 */
import { ArnFormat, type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  type ILayerVersion,
  Function as LambdaFunction,
  type RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FUNCTION_VARIABLES, FunctionName } from '../../shared/config/names.ts';
import { checkEnvironmentSize, environmentOf } from '../function-environment.ts';
import type { FunctionNetwork } from './function-network.ts';

/** What all functions of an installation have in common. */
export interface FunctionDefaults {
  /** Begins every name. */
  readonly prefix: string;
  readonly logRetention: RetentionDays;
  /** Folder with `index.mjs` of a function. */
  readonly codeFolder: (name: FunctionName) => string;
}

export interface PlumblineFunctionProps {
  readonly defaults: FunctionDefaults;
  readonly name: FunctionName;
  /** Ends the name where one function is installed several times. */
  readonly suffix?: string;
  readonly description: string;
  readonly variables: Readonly<Partial<Record<keyof typeof FUNCTION_VARIABLES, string>>>;
  readonly memorySize: number;
  readonly timeout: Duration;
  readonly recursiveLoop?: RecursiveLoop;
  readonly reservedConcurrentExecutions?: number;
  readonly architecture?: Architecture;
  readonly layer?: ILayerVersion;
  /**
   * X-Ray: `begins` a trace of its own for what wakes it; `follows` what it is told of by whoever woke it (default); `none`.
   * A push is traced to the end, the checks are not: at 1,000 clusters their traces would be a tenth of the bill.
   */
  readonly tracing?: 'begins' | 'follows' | 'none';
  readonly network?: FunctionNetwork;
}

const TRACING = { begins: Tracing.ACTIVE, follows: Tracing.PASS_THROUGH, none: Tracing.DISABLED } as const;

export class PlumblineFunction extends Construct {
  readonly name: FunctionName;
  readonly lambda: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
  /** What it is called in alarms and graphs: the function's name, with its network if it has one. */
  readonly label: string;

  constructor(scope: Construct, id: string, props: PlumblineFunctionProps) {
    super(scope, id);
    const { defaults, name, suffix, layer, network, tracing = 'follows' } = props;
    this.name = name;
    this.label = suffix === undefined ? name : `${name}-${suffix}`;
    const functionName = `${defaults.prefix}-${this.label}`;
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: defaults.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Named, so that trust policies in other accounts can name it before it exists.
    this.role = new Role(this, 'Role', {
      roleName: functionName,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    this.#allowLog();
    if (network !== undefined) this.#allowInterfaces(functionName);
    const environment = environmentOf(props.variables);
    checkEnvironmentSize(functionName, Stack.of(this).resolve(environment));
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: props.architecture ?? Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(defaults.codeFolder(name)),
      role: this.role,
      logGroup: this.logGroup,
      memorySize: props.memorySize,
      timeout: props.timeout,
      tracing: TRACING[tracing],
      environment,
      ...(layer === undefined ? {} : { layers: [layer] }),
      ...(network === undefined ? {} : network),
      ...(props.recursiveLoop === undefined ? {} : { recursiveLoop: props.recursiveLoop }),
      ...(props.reservedConcurrentExecutions === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrentExecutions }),
    });
  }

  metricErrors(): Metric {
    return this.lambda.metricErrors({ statistic: 'Sum' });
  }

  metricThrottles(): Metric {
    return this.lambda.metricThrottles({ statistic: 'Sum' });
  }

  #allowLog(): void {
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'Log',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        // Lambda names the streams.
        resources: [this.logGroup.logGroupArn],
      }),
    );
  }

  /** Lambda makes and removes interfaces with the function's role; EC2 lets none of these actions name its resource. */
  #allowInterfaces(functionName: string): void {
    const actions = [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ];
    this.role.addToPolicy(new PolicyStatement({ sid: 'Interfaces', actions, resources: ['*'] }));
    // The service may, the code that runs in the function may not.
    const functionArn = Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: functionName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'InterfacesNotFromCode',
        effect: Effect.DENY,
        actions,
        resources: ['*'],
        conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
      }),
    );
  }
}
