import { type AskOptions, askLocal } from '../ask-local.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';

/** Wakes one cluster; without one all of them, and the planner. */
export function reconcile(options: AskOptions, io: CommandIo): Promise<ExitStatus> {
  return askLocal({ act: 'reconcile' }, options, io);
}
