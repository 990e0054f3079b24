import { type AskOptions, askLocal } from '../ask-local.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';

/** Without an application the whole cluster is left alone. */
export function suspend(application: string | undefined, options: AskOptions, io: CommandIo): Promise<ExitStatus> {
  return askLocal({ act: 'suspend', application }, options, io);
}
