import { PlumblineError, problemsOf } from '../errors.ts';
import { parseNudge } from '../model/parse-nudge.ts';
import { formatProblem, type Problem } from '../model/problem.ts';
import type { Delivery, Nudge } from './ports.ts';

/** What a worker can be nudged to do. What goes wrong inside ends up in statuses; they throw for our own state and queue. */
export interface Jobs {
  planFleet(target: { readonly fleet: string; readonly hop: number }): Promise<unknown>;
  renderInput(target: { readonly fleet: string; readonly input: string; readonly hop: number }): Promise<unknown>;
  reconcileCluster(target: {
    readonly fleet: string;
    readonly cluster: string;
    readonly hop: number;
  }): Promise<unknown>;
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
export async function handleNudge(delivery: Delivery, jobs: Jobs): Promise<HandledNudge> {
  const parsed = parseNudge(delivery.body);
  if (!parsed.ok) {
    await delivery.reject(formatProblem(parsed.problem));
    return { outcome: 'rejected', problems: [parsed.problem] };
  }
  try {
    await dispatch(parsed.nudge, jobs);
  } catch (error) {
    return giveUp(delivery, parsed.nudge, error);
  }
  await delivery.acknowledge();
  return { outcome: 'done' };
}

function dispatch(nudge: Nudge, jobs: Jobs): Promise<unknown> {
  switch (nudge.kind) {
    case 'fleet':
      return jobs.planFleet(nudge);
    case 'render':
      return jobs.renderInput(nudge);
    case 'cluster':
      return jobs.reconcileCluster(nudge);
  }
}

async function giveUp(delivery: Delivery, nudge: Nudge, error: unknown): Promise<HandledNudge> {
  const problems = problemsOf(error, { subject: subjectOf(nudge), act: 'handle a nudge' });
  if (error instanceof PlumblineError && error.code === 'StateUnavailable') {
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
