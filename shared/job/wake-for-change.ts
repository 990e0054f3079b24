/**
 * From "something moved" to a wake-up. Whatever the number of changes: at most one read, one write and one nudge. When in
 * doubt, the fleet is woken: a needless plan costs a second, a missed one costs minutes until the next sweep.
 */
import type { RepositoryDeclaration } from '../model/declarations.ts';
import type { FleetPlace } from '../model/fleet-place.ts';
import { addressOf, repositoryKey } from '../model/repository-address.ts';
import type { RepositoryChange } from '../model/repository-change.ts';
import type { FleetStatus } from '../model/status.ts';
import { highestInRange } from '../model/version-range.ts';
import type { Origin, Queue, StateStore } from './ports.ts';

export interface WakeDeps {
  readonly state: Pick<StateStore, 'readFleet' | 'wake'>;
  readonly queue: Pick<Queue, 'send'>;
}

/** What an event told, and its correlation id. */
export interface ToldChanges extends Pick<Origin, 'trace'> {
  readonly changes: readonly RepositoryChange[];
}

export type WakeResult =
  | { readonly result: 'woken'; readonly reason: string }
  /** Nothing was written. */
  | { readonly result: 'unwatched'; readonly reason: string };

/**
 * Wakes the fleet when one of the changes concerns it, and says why or why not.
 *
 * @throws {StateUnavailable | Throttled} when it could not be looked up, written or sent; to be tried again.
 */
export async function wakeForChange(
  { state, queue }: WakeDeps,
  place: FleetPlace,
  { changes, ...origin }: ToldChanges,
): Promise<WakeResult> {
  const because = changes.length === 0 ? undefined : await reasonToWake(state, place, changes);
  if (because === undefined) return { result: 'unwatched', reason: unwatched(changes) };
  await state.wake({ kind: 'fleet', fleet: place.fleet });
  await queue.send([{ kind: 'fleet', fleet: place.fleet, hop: 0, ...origin }]);
  return { result: 'woken', reason: because };
}

async function reasonToWake(
  state: Pick<StateStore, 'readFleet'>,
  place: FleetPlace,
  changes: readonly RepositoryChange[],
): Promise<string | undefined> {
  const own = changes.find((change) => concerns(change, place.repository, place.branch));
  if (own !== undefined) return `${own.ref} of the fleet repository moved`;
  const status = (await state.readFleet(place.fleet))?.status;
  if (status?.plannedAtMs === undefined) return 'the fleet was never planned: what it watches is not known';
  if (status.problems.length > 0) return 'the last plan has problems: what it would watch is not known';
  const watched = changes.find((change) => isWatched(change, status, place));
  return watched === undefined ? undefined : `an application comes from ${describe(watched)}`;
}

function isWatched(change: RepositoryChange, status: FleetStatus, place: FleetPlace): boolean {
  return status.watched.some(({ repository, ref }) => concerns(change, repository?.spec ?? place.repository, ref));
}

/** Accounts are not compared: a repository of the same name in another account wakes for nothing, which does no harm. */
function concerns(change: RepositoryChange, repository: RepositoryDeclaration['spec'], ref: string): boolean {
  const address = addressOf(repository);
  if (address === undefined) return false;
  const key = repositoryKey(address);
  return change.urls.some((url) => repositoryKey(url) === key) && names(ref, change);
}

/** HEAD is the default branch; where the event does not say which that is, any branch may be it. */
function names(ref: string, { ref: full, defaultBranch }: RepositoryChange): boolean {
  const [, tag] = /^refs\/tags\/(.+)$/.exec(full) ?? [];
  if (tag !== undefined && highestInRange(ref, [tag]) !== undefined) return true;
  if (ref !== 'HEAD') return [ref, `refs/${ref}`, `refs/heads/${ref}`, `refs/tags/${ref}`].includes(full);
  return defaultBranch === undefined ? full.startsWith('refs/heads/') : full === `refs/heads/${defaultBranch}`;
}

function unwatched(changes: readonly RepositoryChange[]): string {
  if (changes.length === 0) return 'no branch or tag moved';
  const [first, ...others] = changes.map(describe);
  return `nothing comes from ${first}${others.length === 0 ? '' : `, nor from ${others.length} more`}`;
}

/** Without a user's name or password, which an address may hold. */
function describe({ ref, urls: [url = ''] }: RepositoryChange): string {
  return `${ref} of ${repositoryKey(url)}`;
}
