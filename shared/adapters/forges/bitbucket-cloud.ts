import * as z from 'zod';
import type { WebhookMeaning } from './forge.ts';
import { changeOf, fullRef } from './ref-move.ts';

/** A branch or a tag as it was or is; both have a `target`, an annotated tag's is the commit. */
const stateSchema = z.object({ type: z.string(), name: z.string().min(1), target: z.object({ hash: z.string() }) });
const pushSchema = z.object({
  repository: z.object({
    full_name: z.string().min(1),
    links: z.object({ html: z.object({ href: z.string() }).nullish() }).nullish(),
    mainbranch: z.object({ name: z.string() }).nullish(),
  }),
  push: z.object({ changes: z.array(z.object({ new: stateSchema.nullish(), old: stateSchema.nullish() })) }),
});

/** Returns what Bitbucket Cloud says with `repo:push`: one change for each ref of the push, `new` absent where it was deleted. */
export function readBitbucketCloudPush(payload: unknown): WebhookMeaning {
  const { repository, push } = pushSchema.parse(payload);
  const urls = [`https://bitbucket.org/${repository.full_name}`, repository.links?.html?.href];
  const place = { urls, defaultBranch: repository.mainbranch?.name };
  const changes = push.changes.flatMap(({ new: now, old: before }) => {
    const state = now ?? before;
    if (!state) return [];
    const ref = fullRef(state.name, state.type === 'tag' || state.type === 'annotated_tag' ? 'tag' : 'branch');
    return [changeOf(place, { ref, to: now?.target.hash, deleted: !now })];
  });
  return { kind: 'changes', changes };
}
