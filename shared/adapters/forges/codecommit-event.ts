/**
 * CodeCommit by way of EventBridge: `CodeCommit Repository State Change`. An event that another account or region
 * forwards keeps its own `account` and `region`. Shapes: AWS CodeCommit user guide, "Monitoring CodeCommit events".
 */
import * as z from 'zod';
import { codecommitAddress } from '../../model/repository-address.ts';
import type { WebhookMeaning } from './forge.ts';
import { meaningOf } from './meaning-of.ts';
import { changeOf, fullRef } from './ref-move.ts';

const REFERENCE_EVENTS = ['referenceCreated', 'referenceUpdated', 'referenceDeleted'] as const;

const eventSchema = z.object({
  source: z.literal('aws.codecommit'),
  'detail-type': z.literal('CodeCommit Repository State Change'),
  region: z.string().min(1),
  detail: z.looseObject({ event: z.string() }),
});
const referenceSchema = z.object({
  event: z.enum(REFERENCE_EVENTS),
  repositoryName: z.string().min(1),
  referenceType: z.enum(['branch', 'tag']),
  referenceName: z.string().min(1),
  /** Not there when the reference is deleted. */
  commitId: z.string().optional(),
});

/** Returns what the event says; never throws. A merge commit that no reference names yet moves nothing. */
export function readCodecommitEvent(event: unknown): WebhookMeaning {
  return meaningOf('CodeCommit', () => {
    const { region, detail } = eventSchema.parse(event);
    if (!REFERENCE_EVENTS.some((name) => name === detail.event)) {
      return { kind: 'ignored', reason: 'no branch or tag moved' };
    }
    const { event: act, repositoryName, referenceType, referenceName, commitId } = referenceSchema.parse(detail);
    const ref = fullRef(referenceName, referenceType);
    const place = { urls: [codecommitAddress({ name: repositoryName, region })] };
    return { kind: 'changes', changes: [changeOf(place, { ref, to: commitId, deleted: act === 'referenceDeleted' })] };
  });
}
