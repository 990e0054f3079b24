import { type AskOptions, askLocal } from '../ask-local.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';

/** Wakes one cluster; without one all of them, and the planner. Failed hooks of `application` are tried again. */
export function reconcile(application: string | undefined, options: AskOptions, io: CommandIo): Promise<ExitStatus> {
  return askLocal({ act: 'reconcile', application }, options, io);
}
