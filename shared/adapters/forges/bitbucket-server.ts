import * as z from 'zod';
import type { WebhookMeaning } from './forge.ts';
import { changeOf } from './ref-move.ts';

const linkSchema = z.array(z.object({ href: z.string() })).nullish();
const refsChangedSchema = z.object({
  repository: z.object({ links: z.object({ clone: linkSchema, self: linkSchema }) }),
  changes: z.array(z.object({ ref: z.object({ id: z.string().min(1) }), toHash: z.string() })),
});

/** Returns what Bitbucket Server and Data Center say with `repo:refs_changed`: one change for each ref. */
export function readBitbucketServerPush(payload: unknown): WebhookMeaning {
  const { repository, changes } = refsChangedSchema.parse(payload);
  const { clone, self } = repository.links;
  const pages = (self ?? []).map(({ href }) => href.replace(/\/browse$/, ''));
  const place = { urls: [...(clone ?? []).map(({ href }) => href), ...pages] };
  return {
    kind: 'changes',
    changes: changes.map(({ ref, toHash }) => changeOf(place, { ref: ref.id, to: toHash })),
  };
}
