/**
 * How a plan reaches a cluster's item without ever going back: the same rule in every state store (design.md section 8).
 * A ticket is drawn before any ref is read, so the higher ticket has read the newer refs.
 */
import type { DesiredPointer } from './status.ts';
import { type WorkItem, wake } from './work-item.ts';

export type DesiredWrite =
  /** Another desired state: the pointer and the wake-up are stored in one update. */
  | { readonly result: 'woken'; readonly work: WorkItem }
  /** The same desired state under a newer ticket: only the pointer is stored. */
  | { readonly result: 'moved' }
  /** A stalled planner's: nothing is stored. */
  | { readonly result: 'older' };

export function replaceDesired(
  work: WorkItem,
  stored: DesiredPointer | undefined,
  offered: DesiredPointer,
): DesiredWrite {
  if (stored !== undefined && offered.ticket <= stored.ticket) return { result: 'older' };
  if (stored !== undefined && offered.blob === stored.blob) return { result: 'moved' };
  return { result: 'woken', work: wake(work) };
}

/** Returns a ticket above `last`, and above those of a state that was lost or put back: it counts in milliseconds. */
export function nextTicket(last: number, nowMs: number): number {
  return Math.max(last + 1, nowMs);
}
