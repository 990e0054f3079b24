/** For every sender that has no form of its own: a pipeline, a mirror, a cron job. docs/webhooks.md shows it with openssl and curl. */
import * as z from 'zod';
import type { Forge } from './forge.ts';
import { changeOf, fullRef } from './ref-move.ts';
import { sha256Claim } from './signature-header.ts';

const callSchema = z.strictObject({
  repository: z.string().min(1),
  /** In full, or the short name of a branch. */
  ref: z.string().min(1),
  commit: z.string().optional(),
});

export const signedCall: Forge = {
  name: 'signed call',
  sent: (headers) => headers.has('x-plumbline-signature'),
  claims: (request) => sha256Claim(request, 'x-plumbline-signature'),
  read: (payload) => {
    const { repository, ref, commit } = callSchema.parse(payload);
    return {
      kind: 'changes',
      changes: [changeOf({ urls: [repository] }, { ref: fullRef(ref, 'branch'), to: commit })],
    };
  },
};
