/** What tests and the story do with a stack that runs on this machine. Described in README.md. */
import { setTimeout as pause } from 'node:timers/promises';
import type { EksCluster } from './clusters/eks-clusters.ts';
import type { Metric } from './deploy/metrics.ts';
import type { Networks } from './deploy/networks.ts';
import type { QueueAccess } from './deploy/queue-access.ts';
import type { Credentials, Roles } from './deploy/roles.ts';
import type { Notification } from './deploy/service-rights.ts';
import type { TableAccess } from './deploy/table-access.ts';
import type { EventBus } from './events/event-bus.ts';
import type { Gateway } from './gateway/start-gateway.ts';
import type { LogLine } from './runtime/function-definition.ts';
import type { FunctionHost } from './runtime/function-host.ts';
import type { Stack } from './template/read-stack.ts';

export interface AwsLocal {
  readonly stack: Stack;
  /** Requests to AWS: log, faults, listeners, violations. */
  readonly gateway: Gateway;
  readonly bus: EventBus;
  /** Buses of the accounts and Regions for which synth makes stacks. */
  readonly targetBuses: readonly { readonly account: string; readonly region: string; readonly bus: EventBus }[];
  readonly roles: Roles;
  readonly table: TableAccess;
  /** Loses every blob and key in the bucket. */
  emptyBucket(): Promise<void>;
  readonly clusters: readonly EksCluster[];
  /** What functions reach from where they stand. */
  readonly networks: Networks;
  /** By name: `plan-fleet`; a worker of a network is `reconcile-cluster-NETWORK`. @throws {Error} for any other. */
  function(name: string): FunctionHost;
  readonly functions: readonly FunctionHost[];
  /** By the end of its name: `fleet`, `render`, `clusters`, `dead-letters`. */
  queue(name: string): QueueAccess;
  /** Address of the function URL; undefined: the stack has none. */
  readonly webhookUrl: string | undefined;
  readonly notifications: readonly Notification[];
  /** What a client of AWS needs to act as the person who pushes: may read the state and invoke functions. */
  readonly person: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: Credentials;
  };
  /** Lets time pass for the state store: what is due in a minute is due now. Leases run out by it too. */
  passTime(ms: number): void;
  /** Lets the schedule come due once. */
  tick(): Promise<void>;
  /** Pushes the commit that is checked out in `path` to a branch of a CodeCommit repository, as a person would. */
  push(path: string, to?: { readonly repository?: string; readonly branch?: string }): Promise<void>;
  /** Moves the fleet's branch to a commit that is in the repository, at once; its event is the caller's to put on the bus. */
  moveBranch(commit: string): Promise<void>;
  /** Everything that functions wrote, in order. */
  logs(): readonly LogLine[];
  metrics(): readonly Metric[];
  /** Invokes like CloudWatch or a person with rights on the function would. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** What came up that no working stack brings up; empty when all is well. */
  violations(): readonly string[];
  stop(): Promise<void>;
}

/** Ends what hangs, and says where; what is only slow on a busy machine is left to arrive. */
const PATIENCE_MS = 240_000;
const LOOK_EVERY_MS = 25;

/** Waits until `look` finds something. @throws {Error} with what the functions said last when it never does. */
export async function waitUntil<T>(
  aws: AwsLocal,
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  { patienceMs = PATIENCE_MS }: { readonly patienceMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`waited ${patienceMs / 1000} s for ${what}\n${describeTrouble(aws)}`);
    await pause(LOOK_EVERY_MS);
  }
}

/** Returns the refusals, and the last errors of the functions. */
export function describeTrouble(aws: AwsLocal): string {
  const errors = aws.logs().filter(({ text }) => /"level":"ERROR"|Error:|Task timed out/.test(text));
  const told = errors.slice(-5).map((line) => `${line.function}: ${line.text.slice(0, 1_500)}`);
  return [...aws.violations().slice(0, 10), ...told].join('\n');
}
