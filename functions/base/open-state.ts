import type { FunctionSettings } from '../../shared/config/function-settings.ts';
import { PlumblineError } from '../../shared/errors.ts';
import type { StateStore } from '../../shared/job/ports.ts';

/** Returns the state table of the fleet. */
export function openState(settings: FunctionSettings): StateStore {
  const subject = `table ${settings.text('table')}`;
  throw new PlumblineError([{ code: 'StateUnavailable', subject, act: 'open', wrong: 'not built yet', remedy: '' }]);
}
