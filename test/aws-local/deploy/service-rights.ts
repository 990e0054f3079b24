/** What AWS services do with the stack's resources, and the policies that have to let them. */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { decideAccess, type Principal } from '../iam/decide.ts';
import type { Stack } from '../template/read-stack.ts';
import { TemplateFault } from '../template/template-fault.ts';
import type { MotoClients } from './moto-clients.ts';
import { resourcePolicies } from './resource-policies.ts';
import type { Roles } from './roles.ts';

/** A service that acts for one of our resources: `events.amazonaws.com` for a rule. */
export interface ActingService {
  readonly service: string;
  readonly sourceArn: string;
}

export interface Notification {
  readonly topic: string;
  readonly message: string;
  /** `email:someone@example.com`. */
  readonly subscribers: readonly string[];
}

export class ServiceRights {
  /** Everything that was published to topics. */
  readonly notifications: Notification[] = [];
  readonly #stack: Stack;
  readonly #clients: MotoClients;
  readonly #accessOf;

  constructor(stack: Stack, roles: Roles, clients: MotoClients) {
    this.#stack = stack;
    this.#clients = clients;
    this.#accessOf = resourcePolicies(stack, roles);
  }

  get accessOf() {
    return this.#accessOf;
  }

  /** Sends as a service or as a role. @throws {TemplateFault} when nothing allows it. */
  async send(
    from: ActingService | Principal,
    queueArn: string,
    message: { body: string; group?: string },
  ): Promise<void> {
    const queue = this.#stack.all('AWS::SQS::Queue').find(({ arn }) => arn === queueArn);
    if (queue === undefined) throw new TemplateFault(queueArn, 'there is no such queue');
    this.#require(from, 'sqs:SendMessage', queueArn);
    const group = message.group === undefined ? {} : { MessageGroupId: message.group };
    await this.#clients.sqs.send(new SendMessageCommand({ QueueUrl: queue.ref, MessageBody: message.body, ...group }));
  }

  publish(from: ActingService, topicArn: string, message: string): void {
    const topic = this.#stack.all('AWS::SNS::Topic').find(({ arn }) => arn === topicArn);
    if (topic === undefined) throw new TemplateFault(topicArn, 'there is no such topic');
    this.#require(from, 'sns:Publish', topicArn);
    const { KmsMasterKeyId: keyId } = topic.properties;
    const key = this.#stack.all('AWS::KMS::Key').find(({ ref, arn }) => keyId === ref || keyId === arn);
    if (key !== undefined) {
      for (const action of ['kms:GenerateDataKey', 'kms:Decrypt']) this.#require(from, action, key.arn);
    }
    const subscribers = this.#stack
      .all('AWS::SNS::Subscription')
      .filter(({ properties }) => properties.TopicArn === topicArn)
      .map(({ properties: { Protocol, Endpoint } }) => `${Protocol}:${Endpoint}`);
    this.notifications.push({ topic: topicArn, message, subscribers });
  }

  /** Whether a permission of the template lets a service invoke a function. */
  checkInvoke(functionArn: string, { service, sourceArn }: ActingService): void {
    const allowed = this.#stack.all('AWS::Lambda::Permission').some(({ properties: permission }) => {
      const isForIt = functionArn === permission.FunctionName || functionArn.endsWith(`:${permission.FunctionName}`);
      const isFromIt = permission.SourceArn === undefined || permission.SourceArn === sourceArn;
      return isForIt && isFromIt && permission.Principal === service && permission.Action === 'lambda:InvokeFunction';
    });
    if (!allowed) throw new TemplateFault(functionArn, `no permission lets ${service} invoke it for ${sourceArn}`);
  }

  /** Whether a role may do something that no service of moto is asked for. */
  allows(principal: Principal, action: string, resource: string): boolean {
    return decideAccess(principal, { action, resource, context: new Map() }, this.#accessOf(resource)).allowed;
  }

  #require(from: ActingService | Principal, action: string, resource: string): void {
    const { account } = this.#stack.place;
    const isService = 'service' in from;
    const principal = isService ? { arn: `service:${from.service}`, account, policies: [] } : from;
    const context = new Map([
      ['aws:SecureTransport', ['true']],
      ['aws:SourceAccount', [account]],
      ...(isService ? [['aws:SourceArn', [from.sourceArn]] as const] : []),
    ]);
    const decision = decideAccess(principal, { action, resource, context }, this.#accessOf(resource));
    if (!decision.allowed) throw new TemplateFault(resource, decision.why);
  }
}
