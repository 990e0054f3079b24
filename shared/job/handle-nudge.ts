import { isOwnFault, problemsOf } from '../errors.ts';
import { parseNudge } from '../model/parse-nudge.ts';
import { formatProblem, type Problem } from '../model/problem.ts';
import type { Delivery, Nudge, Origin } from './ports.ts';

/** What a worker can be nudged to do. What goes wrong inside ends up in statuses; they throw for our own state and queue. */
export interface Jobs {
  planFleet(target: { readonly fleet: string } & Origin): Promise<unknown>;
  renderInput(target: { readonly fleet: string; readonly input: string } & Origin): Promise<unknown>;
  reconcileCluster(target: { readonly fleet: string; readonly cluster: string } & Origin): Promise<unknown>;
}

/** What became of a message, and why it was not simply done. */
export type HandledNudge =
  | { readonly outcome: 'done' }
  /** `given-back`: our state or queue failed. `rejected`: it is no nudge. `failed`: a bug; a sweep tries again. */
  | { readonly outcome: 'given-back' | 'rejected' | 'failed'; readonly problems: readonly Problem[] };

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;

/**
 * Does what one message asks for, then acknowledges it. A message is given back only when our own state or queue failed:
 * whatever else goes wrong is remembered by the item, whose sweep comes anyway (design.md section 8).
 *
 * @throws {StateUnavailable} when the queue does not even take the answer; the message comes again by itself.
 */
export async function handleNudge(delivery: Delivery, jobs: Partial<Jobs>): Promise<HandledNudge> {
  const parsed = parseNudge(delivery.body);
  if (!parsed.ok) return reject(delivery, parsed.problem);
  const job = jobFor(parsed.nudge, jobs);
  if (job === undefined) return reject(delivery, notOurs(parsed.nudge));
  try {
    await job();
  } catch (error) {
    return giveUp(delivery, parsed.nudge, error);
  }
  await delivery.acknowledge();
  return { outcome: 'done' };
}

/** Undefined: this worker does not do that. */
function jobFor(nudge: Nudge, jobs: Partial<Jobs>): (() => Promise<unknown>) | undefined {
  switch (nudge.kind) {
    case 'fleet':
      return jobs.planFleet && (async () => jobs.planFleet?.(nudge));
    case 'render':
      return jobs.renderInput && (async () => jobs.renderInput?.(nudge));
    case 'cluster':
      return jobs.reconcileCluster && (async () => jobs.reconcileCluster?.(nudge));
  }
}

async function reject(delivery: Delivery, problem: Problem): Promise<HandledNudge> {
  await delivery.reject(formatProblem(problem));
  return { outcome: 'rejected', problems: [problem] };
}

function notOurs(nudge: Nudge): Problem {
  return {
    code: 'MessageInvalid',
    subject: subjectOf(nudge),
    act: 'handle a nudge',
    wrong: `this worker takes no nudge of the kind "${nudge.kind}"`,
    remedy: 'check which queue wakes which function',
  };
}

async function giveUp(delivery: Delivery, nudge: Nudge, error: unknown): Promise<HandledNudge> {
  const problems = problemsOf(error, { subject: subjectOf(nudge), act: 'handle a nudge' });
  if (isOwnFault(error)) {
    await delivery.giveBack(Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (delivery.receives - 1)));
    return { outcome: 'given-back', problems };
  }
  await delivery.acknowledge();
  return { outcome: 'failed', problems };
}

function subjectOf(nudge: Nudge): string {
  switch (nudge.kind) {
    case 'fleet':
      return `fleet ${nudge.fleet}`;
    case 'render':
      return `rendering ${nudge.input}`;
    case 'cluster':
      return nudge.cluster;
  }
}
