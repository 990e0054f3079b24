import { type AskOptions, askLocal } from '../ask-local.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';

/** Approves one refusal by its digest; as soon as something else would be deleted it says nothing. */
export function approve(
  application: string | undefined,
  options: AskOptions & { readonly refusal: string },
  io: CommandIo,
): Promise<ExitStatus> {
  return askLocal({ act: 'approve', application, refusal: options.refusal }, options, io);
}
