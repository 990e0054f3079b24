/** Does what people ask for: reconcile now, suspend, resume, approve. Whoever may invoke it may do so, nobody else. */
import type { FunctionSettings } from '../shared/config/function-settings.ts';
import type { AskDeps } from '../shared/job/ask-clusters.ts';
import { type FunctionWorld, once } from './base/invocation.ts';
import { openQueue } from './base/open-queue.ts';
import { openState } from './base/open-state.ts';
import { requestFunction } from './base/request-function.ts';
import { answerFor, answerPerson, type PersonAnswer } from './people/answer-person.ts';

export function fleetAction(open: (settings: FunctionSettings) => AskDeps, world?: FunctionWorld) {
  const depsOf = once(open);
  return requestFunction<string | PersonAnswer>(
    'fleet-action',
    async (event, { settings, telemetry, trace, requestId }) => {
      const fleet = settings.text('fleet');
      const answer = await answerPerson(depsOf(settings), { fleet, event, requestId, trace });
      telemetry.info('a person asked', { ...answer });
      return answerFor(event, answer);
    },
    world,
  );
}

export const handler = fleetAction((settings) => ({ state: openState(settings), queue: openQueue(settings) }));
