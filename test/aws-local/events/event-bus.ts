/** The default event bus: rules with their patterns, targets with their rights, schedules by a clock that tests tick. */
import { randomUUID } from 'node:crypto';
import type { StackResource } from '../template/read-stack.ts';
import { TemplateFault } from '../template/template-fault.ts';
import { checkPattern, matchesPattern } from './event-pattern.ts';
import { inputOf, type RuleTarget } from './target-input.ts';

export type Rule = StackResource<'AWS::Events::Rule'>;

export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly resources?: readonly string[];
}

export type StoredEvent = BusEvent & {
  readonly id: string;
  readonly version: '0';
  readonly account: string;
  readonly region: string;
  readonly time: string;
  readonly resources: readonly string[];
};

export interface BusWorld {
  readonly account: string;
  readonly region: string;
  /** Hands an input to a target with the rights of the rule; throws when it may not or cannot. */
  deliver(rule: Rule, target: RuleTarget, input: string): Promise<void>;
  /** A target that could not be reached; its dead-letter queue is told, if it has one. */
  onUndelivered(rule: Rule, target: RuleTarget, input: string, error: unknown): Promise<void>;
}

export class EventBus {
  /** Everything that was put on the bus, in order. */
  readonly events: StoredEvent[] = [];
  readonly #rules: readonly Rule[];
  readonly #world: BusWorld;

  /** @throws {TemplateFault} when a rule cannot be as it stands. */
  constructor(rules: readonly Rule[], world: BusWorld) {
    for (const rule of rules) checkRule(rule);
    this.#rules = rules.filter(({ properties }) => properties.State === 'ENABLED');
    this.#world = world;
  }

  /** Puts an event on the bus and resolves when every target has it. */
  async put(event: BusEvent): Promise<void> {
    const { account, region } = this.#world;
    const stored = {
      version: '0' as const,
      id: randomUUID(),
      account,
      region,
      time: nowInSeconds(),
      resources: [],
      ...event,
    };
    this.events.push(stored);
    const matching = this.#rules.filter(
      ({ properties: { EventPattern: pattern } }) => pattern !== undefined && matchesPattern(pattern, stored),
    );
    await Promise.all(matching.map((rule) => this.#fire(rule, stored)));
  }

  /** Lets every schedule come due once. */
  async tick(): Promise<void> {
    const { account, region } = this.#world;
    const due = this.#rules.filter(({ properties }) => properties.ScheduleExpression !== undefined);
    await Promise.all(
      due.map((rule) =>
        this.#fire(rule, {
          version: '0',
          id: randomUUID(),
          'detail-type': 'Scheduled Event',
          source: 'aws.events',
          account,
          region,
          time: nowInSeconds(),
          resources: [rule.arn],
          detail: {},
        }),
      ),
    );
  }

  async #fire(rule: Rule, event: StoredEvent): Promise<void> {
    await Promise.all(
      rule.properties.Targets.map(async (target) => {
        const input = inputOf(target, event);
        try {
          await this.#world.deliver(rule, target, input);
        } catch (error) {
          // Tried again for hours in AWS; what is wrong here stays wrong.
          await this.#world.onUndelivered(rule, target, input, error);
        }
      }),
    );
  }
}

function checkRule({ logicalId, properties }: Rule): void {
  const { EventPattern: pattern, ScheduleExpression: schedule, EventBusName: bus } = properties;
  if (bus !== 'default') throw new TemplateFault(logicalId, `only the default bus is here, not ${bus}`);
  if (pattern === undefined && schedule === undefined)
    throw new TemplateFault(logicalId, 'neither pattern nor schedule');
  if (pattern !== undefined) checkPattern(pattern, `${logicalId}.EventPattern`);
  if (schedule !== undefined && schedule !== 'rate(1 minute)') {
    throw new TemplateFault(logicalId, `the schedule ${schedule} is not known here, only rate(1 minute)`);
  }
}

function nowInSeconds(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}
