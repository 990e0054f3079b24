/**
 * GitLab: project and group webhooks and system hooks. Its secret token comes as it is; its signing token (`whsec_...`)
 * signs `<webhook-id>.<webhook-timestamp>.<body>` as the Standard Webhooks specification has it. The age of the time stamp
 * is not judged: whoever replays a request makes us look once more at what is there anyway.
 */
import * as z from 'zod';
import type { Claim } from './claim.ts';
import type { Forge, WebhookMeaning, WebhookRequest } from './forge.ts';
import { changeOf } from './ref-move.ts';

const address = z.string().nullish();
const projectSchema = z.object({
  git_http_url: address,
  git_ssh_url: address,
  homepage: address,
  web_url: address,
  default_branch: address,
});
const kindSchema = z.object({ object_kind: z.string().nullish(), event_name: z.string().nullish() });
const pushSchema = z.object({
  ref: z.string().min(1),
  after: z.string(),
  /** What an annotated tag points at, while `after` is the tag itself; null when the ref is deleted. */
  checkout_sha: z.string().nullish(),
  project: projectSchema,
});
const updateSchema = z.object({
  project: projectSchema,
  changes: z.array(z.object({ ref: z.string().min(1), after: z.string() })),
});

/** A sender may sign with several secrets while it replaces one; a stranger is not to make us compute for long. */
const SIGNATURES_TRIED = 4;

export const gitlab: Forge = {
  name: 'GitLab',
  sent: (headers) => headers.has('x-gitlab-event') || headers.has('x-gitlab-token'),
  claims: (request) => [...signatureClaims(request), ...tokenClaims(request)],
  read: readPayload,
};

function tokenClaims({ headers }: WebhookRequest): readonly Claim[] {
  const token = headers.get('x-gitlab-token') ?? '';
  return token === '' ? [] : [{ by: 'token', token }];
}

function signatureClaims({ headers, body }: WebhookRequest): readonly Claim[] {
  const id = headers.get('webhook-id');
  const timestamp = headers.get('webhook-timestamp');
  if (id === undefined || timestamp === undefined) return [];
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  return (headers.get('webhook-signature') ?? '')
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .slice(0, SIGNATURES_TRIED)
    .map((part) => ({ by: 'hmac-base64', signature: part.slice('v1,'.length), signed }));
}

function readPayload(payload: unknown): WebhookMeaning {
  const { object_kind, event_name } = kindSchema.parse(payload);
  switch (object_kind ?? event_name) {
    case 'push':
    case 'tag_push': {
      const { ref, after, checkout_sha, project } = pushSchema.parse(payload);
      const to = /^0+$/.test(after) ? after : (checkout_sha ?? after);
      return { kind: 'changes', changes: [changeOf(placeOf(project), { ref, to })] };
    }
    case 'repository_update': {
      const { changes, project } = updateSchema.parse(payload);
      return {
        kind: 'changes',
        changes: changes.map(({ ref, after }) => changeOf(placeOf(project), { ref, to: after })),
      };
    }
    default:
      return { kind: 'ignored', reason: 'the event is none of push, tag_push and repository_update' };
  }
}

function placeOf({ git_http_url, git_ssh_url, homepage, web_url, default_branch }: z.infer<typeof projectSchema>) {
  return { urls: [git_http_url, git_ssh_url, homepage, web_url], defaultBranch: default_branch };
}
