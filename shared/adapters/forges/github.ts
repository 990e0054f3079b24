import type { Forge } from './forge.ts';
import { readGithubPayload } from './github-payload.ts';
import { sha256Claim } from './signature-header.ts';

/** GitHub and GitHub Enterprise Server. The older header `X-Hub-Signature` is SHA-1 and proves nothing here. */
export const github: Forge = {
  name: 'GitHub',
  sent: (headers) => headers.has('x-github-event'),
  claims: (request) => sha256Claim(request, 'x-hub-signature-256'),
  read: (payload, headers) => readGithubPayload(headers.get('x-github-event') ?? '', payload),
};
