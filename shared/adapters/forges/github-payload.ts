/**
 * The payload of GitHub, which Gitea, Forgejo and Gogs send too. Creating or deleting a branch or tag is told twice, as
 * `push` and as `create` or `delete`; the latter alone do not say the commit.
 */
import * as z from 'zod';
import type { WebhookMeaning } from './forge.ts';
import { changeOf, fullRef } from './ref-move.ts';

const address = z.string().nullish();
const repositorySchema = z.object({
  clone_url: address,
  html_url: address,
  ssh_url: address,
  git_url: address,
  url: address,
  default_branch: address,
});
const pushSchema = z.object({
  ref: z.string().min(1),
  after: z.string(),
  deleted: z.boolean().nullish(),
  /** What an annotated tag points at, while `after` is the tag itself. */
  head_commit: z.object({ id: z.string() }).nullish(),
  repository: repositorySchema,
});
const refSchema = z.object({
  ref: z.string().min(1),
  ref_type: z.string(),
  /** Gitea's, with `create`. */
  sha: z.string().nullish(),
  repository: repositorySchema,
});

/** Returns what the event `event` says. */
export function readGithubPayload(event: string, payload: unknown): WebhookMeaning {
  switch (event) {
    case 'ping':
      return { kind: 'ping' };
    case 'push':
      return readPush(payload);
    case 'create':
    case 'delete':
      return readRef(payload, event === 'delete');
    default:
      return { kind: 'ignored', reason: 'the event is none of push, create and delete' };
  }
}

function readPush(payload: unknown): WebhookMeaning {
  const { ref, after, deleted, head_commit, repository } = pushSchema.parse(payload);
  const to = /^0+$/.test(after) ? after : (head_commit?.id ?? after);
  return { kind: 'changes', changes: [changeOf(placeOf(repository), { ref, to, deleted: deleted === true })] };
}

function readRef(payload: unknown, deleted: boolean): WebhookMeaning {
  const { ref, ref_type, sha, repository } = refSchema.parse(payload);
  if (ref_type !== 'branch' && ref_type !== 'tag') return { kind: 'ignored', reason: 'no branch or tag moved' };
  return {
    kind: 'changes',
    changes: [changeOf(placeOf(repository), { ref: fullRef(ref, ref_type), to: sha, deleted })],
  };
}

function placeOf({ clone_url, html_url, ssh_url, git_url, url, default_branch }: z.infer<typeof repositorySchema>) {
  return { urls: [clone_url, html_url, ssh_url, git_url, url], defaultBranch: default_branch };
}
