/** Everything that wakes functions, as the template states it: mappings, rules, asynchronous calls, function URLs. */
import { AsyncInvoker } from '../events/async-invoker.ts';
import { EventBus, type Rule } from '../events/event-bus.ts';
import type { FunctionUrl } from '../events/function-url.ts';
import { QueueMapping } from '../events/queue-mapping.ts';
import type { RuleTarget } from '../events/target-input.ts';
import { decideAccess } from '../iam/decide.ts';
import type { FunctionHost } from '../runtime/function-host.ts';
import type { Stack, StackResource } from '../template/read-stack.ts';
import { TemplateFault } from '../template/template-fault.ts';
import type { MotoClients } from './moto-clients.ts';
import type { Roles } from './roles.ts';
import type { ServiceRights } from './service-rights.ts';

export interface EventParts {
  readonly stack: Stack;
  readonly roles: Roles;
  readonly clients: MotoClients;
  readonly rights: ServiceRights;
  readonly hosts: readonly FunctionHost[];
  readonly urls: ReadonlyMap<string, FunctionUrl>;
  readonly retryDelayMs: number;
  /** What the template gets wrong shows itself only when something happens. */
  readonly violations: string[];
}

export interface Events {
  readonly bus: EventBus;
  readonly mappings: readonly QueueMapping[];
  readonly invoker: AsyncInvoker;
  /** Tells the mapping of a queue that a message came. */
  wakeQueue(queueUrlOrArn: string, delayMs?: number): void;
}

/** Actions that Lambda's pollers need of the function's role. */
const POLLING = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** @throws {TemplateFault} for what AWS would refuse when the stack is made. */
export function wireEvents(parts: EventParts): Events {
  const { stack, roles, rights, hosts, retryDelayMs, violations } = parts;
  const mappings = stack.all('AWS::Lambda::EventSourceMapping').map((mapping) => mapQueue(mapping, parts));
  const wakeQueue = (queue: string, delayMs = 0) => {
    const name = queue.split(/[:/]/).at(-1);
    for (const mapping of mappings) if (mapping.queueUrl.endsWith(`/${name}`)) mapping.wake(delayMs);
  };
  const invoker = new AsyncInvoker({
    hostOf: (arn) => hosts.find(({ definition }) => definition.arn === arn),
    settingsOf: (arn) => asyncSettings(stack, arn),
    retryDelayMs,
    sendToDestination: async (functionArn, queueArn, body) => {
      const resource = stack.all('AWS::Lambda::Function').find(({ arn }) => arn === functionArn);
      await rights
        .send(roles.principalOf(resource?.properties.Role ?? ''), queueArn, { body })
        .catch((error: unknown) => violations.push(String(error)));
    },
  });
  const bus = new EventBus(stack.all('AWS::Events::Rule'), {
    ...stack.place,
    deliver: async (rule, target, input) => {
      await deliver(rule, { target, input, parts, invoker });
      wakeQueue(target.Arn);
    },
    onUndelivered: async (rule, target, input, error) => {
      violations.push(`${rule.logicalId}: ${error instanceof Error ? error.message : String(error)}`);
      if (target.DeadLetterConfig === undefined) return;
      const from = { service: 'events.amazonaws.com', sourceArn: rule.arn };
      await rights
        .send(from, target.DeadLetterConfig.Arn, { body: input })
        .catch((problem: unknown) => violations.push(String(problem)));
    },
  });
  openUrls(parts);
  return { bus, mappings, invoker, wakeQueue };
}

interface Delivery {
  readonly target: RuleTarget;
  readonly input: string;
  readonly parts: EventParts;
  readonly invoker: AsyncInvoker;
}

async function deliver(rule: Rule, { target, input, parts, invoker }: Delivery): Promise<void> {
  const { rights, hosts } = parts;
  const from = { service: 'events.amazonaws.com', sourceArn: rule.arn };
  const service = target.Arn.split(':')[2];
  if (service === 'lambda') {
    if (!hosts.some(({ definition }) => definition.arn === target.Arn)) {
      throw new TemplateFault(rule.logicalId, `there is no function ${target.Arn}`);
    }
    rights.checkInvoke(target.Arn, from);
    invoker.accept(target.Arn, input);
  } else if (service === 'sqs') {
    const group = target.SqsParameters?.MessageGroupId;
    await rights.send(from, target.Arn, { body: input, ...(group === undefined ? {} : { group }) });
  } else if (service === 'sns') {
    rights.publish(from, target.Arn, input);
  } else {
    throw new TemplateFault(rule.logicalId, `targets like ${target.Arn} are not known here`);
  }
}

function mapQueue(
  { logicalId, properties }: StackResource<'AWS::Lambda::EventSourceMapping'>,
  { stack, roles, clients, hosts }: EventParts,
): QueueMapping {
  const { EventSourceArn, FunctionName, BatchSize, ScalingConfig, FunctionResponseTypes, Enabled } = properties;
  const queue = stack.all('AWS::SQS::Queue').find(({ arn }) => arn === EventSourceArn);
  const resource = stack.all('AWS::Lambda::Function').find(({ ref, arn }) => [ref, arn].includes(FunctionName));
  const host = hosts.find(({ definition }) => definition.arn === resource?.arn);
  if (queue === undefined || resource === undefined || host === undefined) {
    throw new TemplateFault(logicalId, `there is no queue ${EventSourceArn} or no function ${FunctionName}`);
  }
  if (!Enabled) throw new TemplateFault(logicalId, 'it is disabled');
  if (BatchSize > 10 && properties.MaximumBatchingWindowInSeconds === 0) {
    throw new TemplateFault(logicalId, `a batch of ${BatchSize} needs a batching window`);
  }
  const { VisibilityTimeout, RedrivePolicy } = queue.properties;
  if (RedrivePolicy === undefined) {
    throw new TemplateFault(
      queue.logicalId,
      'without a redrive policy a message that always fails comes back for ever',
    );
  }
  if (VisibilityTimeout < resource.properties.Timeout) {
    const wrong = `visibility timeout ${VisibilityTimeout} s is less than the function's timeout ${resource.properties.Timeout} s`;
    throw new TemplateFault(logicalId, wrong);
  }
  const principal = roles.principalOf(resource.properties.Role);
  for (const action of POLLING) {
    const decision = decideAccess(principal, { action, resource: EventSourceArn, context: new Map() });
    if (!decision.allowed) throw new TemplateFault(logicalId, decision.why);
  }
  return new QueueMapping({
    queueUrl: queue.ref,
    queueArn: queue.arn,
    region: stack.place.region,
    batchSize: BatchSize,
    maximumConcurrency: ScalingConfig?.MaximumConcurrency ?? 1000,
    visibilityTimeoutSeconds: VisibilityTimeout,
    reportsItemFailures: FunctionResponseTypes.length > 0,
    sqs: clients.sqs,
    host,
  });
}

function asyncSettings(stack: Stack, functionArn: string) {
  const config = stack
    .all('AWS::Lambda::EventInvokeConfig')
    .find(({ properties }) => functionArn.endsWith(`:${properties.FunctionName}`))?.properties;
  return {
    maximumRetryAttempts: config?.MaximumRetryAttempts ?? 2,
    onFailure: config?.DestinationConfig?.OnFailure.Destination,
  };
}

/** Since October 2025 a public URL needs both permissions: to call the URL, and to invoke the function by it. */
function openUrls({ stack, hosts, urls, violations }: EventParts): void {
  for (const { logicalId, properties } of stack.all('AWS::Lambda::Url')) {
    const { TargetFunctionArn, AuthType } = properties;
    const permissions = stack
      .all('AWS::Lambda::Permission')
      .map((permission) => permission.properties)
      .filter(({ FunctionName, Principal }) => {
        return (
          Principal === '*' && (FunctionName === TargetFunctionArn || TargetFunctionArn.endsWith(`:${FunctionName}`))
        );
      });
    const mayCall = permissions.some(
      (one) => one.Action === 'lambda:InvokeFunctionUrl' && one.FunctionUrlAuthType === AuthType,
    );
    const mayInvoke = permissions.some(
      (one) => one.Action === 'lambda:InvokeFunction' && one.InvokedViaFunctionUrl === true,
    );
    const host = hosts.find(({ definition }) => definition.arn === TargetFunctionArn);
    if (AuthType !== 'NONE') throw new TemplateFault(logicalId, 'a URL for signed calls is not known here');
    if (mayCall && mayInvoke) urls.get(logicalId)?.serve(host);
    else violations.push(`${logicalId}: its permissions let nobody call it`);
  }
}
