/**
 * From "something moved" to a wake-up. Whatever the number of changes: at most one read, one write and one nudge. When in
 * doubt, the fleet is woken: a needless plan costs a second, a missed one costs minutes until the next sweep.
 */
import type { RepositoryDeclaration } from '../model/declarations.ts';
import { addressOf, repositoryKey } from '../model/repository-address.ts';
import type { RepositoryChange } from '../model/repository-change.ts';
import type { FleetStatus } from '../model/status.ts';
import type { Queue, StateStore } from './ports.ts';

/** The one thing that is configured outside Git. */
export interface FleetPlace {
  readonly fleet: string;
  readonly branch: string;
  readonly repository: RepositoryDeclaration['spec'];
}

export interface WakeDeps {
  readonly state: Pick<StateStore, 'readFleet' | 'wake'>;
  readonly queue: Pick<Queue, 'send'>;
}

export type WakeResult =
  | { readonly result: 'woken'; readonly because: string }
  /** Nothing was written. */
  | { readonly result: 'unwatched'; readonly reason: string };

/**
 * Wakes the fleet when one of `changes` concerns it, and says why or why not.
 *
 * @throws {StateUnavailable | Throttled} when it could not be looked up, written or sent; to be tried again.
 */
export async function wakeForChange(
  { state, queue }: WakeDeps,
  place: FleetPlace,
  changes: readonly RepositoryChange[],
): Promise<WakeResult> {
  const because = changes.length === 0 ? undefined : await reasonToWake(state, place, changes);
  if (because === undefined) return { result: 'unwatched', reason: unwatched(changes) };
  await state.wake({ kind: 'fleet', fleet: place.fleet });
  await queue.send([{ kind: 'fleet', fleet: place.fleet, hop: 0 }]);
  return { result: 'woken', because };
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
  return watched === undefined ? undefined : `an application comes from ${watched.ref} of ${watched.urls[0]}`;
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
  if (ref !== 'HEAD') return [ref, `refs/${ref}`, `refs/heads/${ref}`, `refs/tags/${ref}`].includes(full);
  return defaultBranch === undefined ? full.startsWith('refs/heads/') : full === `refs/heads/${defaultBranch}`;
}

function unwatched(changes: readonly RepositoryChange[]): string {
  if (changes.length === 0) return 'no branch or tag moved';
  const [first, ...others] = changes.map(({ urls, ref }) => `${ref} of ${urls[0] ?? 'no repository'}`);
  return `nothing comes from ${first}${others.length === 0 ? '' : ` nor from ${others.length} others`}`;
}
