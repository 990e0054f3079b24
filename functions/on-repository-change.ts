import { readCodecommitEvent } from '../shared/adapters/forges/codecommit-event.ts';
import { readFleetPlace } from '../shared/config/fleet-place.ts';
import type { FunctionSettings } from '../shared/config/function-settings.ts';
import { PlumblineError } from '../shared/errors.ts';
import { type WakeDeps, wakeForChange } from '../shared/job/wake-for-change.ts';
import { eventFunction } from './base/event-function.ts';
import { type FunctionWorld, once } from './base/invocation.ts';
import { openQueue } from './base/open-queue.ts';
import { openState } from './base/open-state.ts';

/** Returns the handler of CodeCommit's events. What is thrown is tried again by Lambda, then kept with the dead letters. */
export function onRepositoryChange(open: (settings: FunctionSettings) => WakeDeps, world?: FunctionWorld) {
  const depsOf = once(open);
  return eventFunction(
    'on-repository-change',
    async (event, { settings, telemetry, trace }) => {
      const meaning = readCodecommitEvent(event);
      if (meaning.kind === 'nonsense') throw notAnEvent(meaning.reason);
      const changes = meaning.kind === 'changes' ? meaning.changes : [];
      const { result, reason } = await wakeForChange(depsOf(settings), readFleetPlace(settings), { changes, trace });
      telemetry.info('repository change', { result, reason });
    },
    world,
  );
}

export const handler = onRepositoryChange((settings) => ({ state: openState(settings), queue: openQueue(settings) }));

function notAnEvent(wrong: string): PlumblineError {
  return new PlumblineError([
    {
      code: 'MessageInvalid',
      subject: 'event of a repository',
      act: 'read',
      wrong,
      remedy: 'let the rule send nothing but "CodeCommit Repository State Change" here',
    },
  ]);
}
