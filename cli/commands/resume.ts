import { type AskOptions, askLocal } from '../ask-local.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';

/** Without an application the whole cluster is; applications that were suspended by themselves stay so. */
export function resume(application: string | undefined, options: AskOptions, io: CommandIo): Promise<ExitStatus> {
  return askLocal({ act: 'resume', application }, options, io);
}
