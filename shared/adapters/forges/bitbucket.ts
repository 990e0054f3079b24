import { readBitbucketCloudPush } from './bitbucket-cloud.ts';
import { readBitbucketServerPush } from './bitbucket-server.ts';
import type { Forge, WebhookMeaning } from './forge.ts';
import { sha256Claim } from './signature-header.ts';

/** Bitbucket Cloud, Server and Data Center. Its `X-Hub-Signature` is SHA-256, unlike GitHub's header of that name. */
export const bitbucket: Forge = {
  name: 'Bitbucket',
  sent: (headers) => headers.has('x-event-key'),
  claims: (request) => sha256Claim(request, 'x-hub-signature'),
  read: (payload, headers) => readPayload(headers.get('x-event-key') ?? '', payload),
};

function readPayload(event: string, payload: unknown): WebhookMeaning {
  switch (event) {
    case 'diagnostics:ping':
      return { kind: 'ping' };
    case 'repo:push':
      return readBitbucketCloudPush(payload);
    case 'repo:refs_changed':
      return readBitbucketServerPush(payload);
    default:
      return { kind: 'ignored', reason: 'the event is none of repo:push and repo:refs_changed' };
  }
}
