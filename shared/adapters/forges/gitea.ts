import type { Forge } from './forge.ts';
import { readGithubPayload } from './github-payload.ts';
import { bareHexClaim } from './signature-header.ts';

/** Newest name first: each of them also sends the headers of those that it came from. */
const FAMILY = ['forgejo', 'gitea', 'gogs'] as const;

/** Gitea, Forgejo and Gogs. They send GitHub's headers as well, so they have to be asked before GitHub is. */
export const gitea: Forge = {
  name: 'Gitea',
  sent: (headers) => FAMILY.some((name) => headers.has(`x-${name}-event`)),
  claims: (request) => FAMILY.flatMap((name) => bareHexClaim(request, `x-${name}-signature`)),
  read: (payload, headers) => {
    const event = FAMILY.map((name) => headers.get(`x-${name}-event`)).find((value) => value !== undefined);
    return readGithubPayload(event ?? '', payload);
  },
};
