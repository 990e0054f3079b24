import { readLambdaDelivery } from '../../shared/adapters/sqs/lambda-delivery.ts';
import type { MessagePlace } from '../../shared/adapters/sqs/sqs-message.ts';
import type { FunctionSettings } from '../../shared/config/function-settings.ts';
import type { FunctionName } from '../../shared/config/names.ts';
import { type HandledNudge, handleNudge, type Jobs } from '../../shared/job/handle-nudge.ts';
import { type FunctionWorld, type Invocation, once } from './invocation.ts';
import { problemFields } from './log-failure.ts';
import { sqsFunction } from './sqs-function.ts';
import type { Telemetry } from './telemetry.ts';

export interface NudgeWork {
  /** Where the messages come from, and where they go that are no nudge. */
  readonly place: MessagePlace;
  /** What this function does; nudges to do something else are rejected. */
  jobs(invocation: Invocation): Partial<Jobs>;
}

/** Returns the handler of a function that nudges wake: one message, one job. `open` is called once a process. */
export function nudgeFunction(
  name: FunctionName,
  open: (settings: FunctionSettings) => NudgeWork,
  world?: FunctionWorld,
) {
  const workOf = once(open);
  return sqsFunction(
    name,
    async (record, invocation) => {
      const work = workOf(invocation.settings);
      const delivery = readLambdaDelivery(record, work.place);
      report(invocation.telemetry, await handleNudge(delivery, work.jobs(invocation)));
      return delivery.isDone ? 'done' : 'again';
    },
    world,
  );
}

/** What was done is told by the job; here only what was not. */
function report(telemetry: Telemetry, handled: HandledNudge): void {
  if (handled.outcome === 'done') return;
  const problems = handled.problems;
  if (problems.some(({ code }) => code === 'Throttled')) telemetry.measure('Throttles', 1);
  if (problems.some(({ code }) => code === 'InvariantBroken')) telemetry.measure('BugsFound', 1);
  const fields = { outcome: handled.outcome, problems: problemFields(problems) };
  if (handled.outcome === 'given-back') telemetry.warn('nudge', fields);
  else telemetry.error('nudge', fields);
}
