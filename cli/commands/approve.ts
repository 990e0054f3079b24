import { type AskOptions, askLocal } from '../ask-local.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';

/**
 * Approves everything that is refused of a commit, in all clusters, or one refusal by its digest. As soon as something
 * else would be deleted it says nothing.
 */
export function approve(
  what: string | undefined,
  options: AskOptions & { readonly refusal?: string },
  io: CommandIo,
): Promise<ExitStatus> {
  const { refusal } = options;
  if (refusal !== undefined) return askLocal({ act: 'approve', application: what, refusal }, options, io);
  return askLocal({ act: 'approve', ...(what !== undefined && { revision: what }) }, options, io);
}
