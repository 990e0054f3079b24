/** What the state says of a fleet before anyone reads reports of it: whether there is anything, and its clusters. */
import { shortRevision } from '../shared/model/revision.ts';
import { badArgument } from './bad-argument.ts';
import type { LocalFleet } from './local-fleet.ts';

/**
 * Returns what to say of a fleet that no run has looked at, with what to do next; undefined: one has.
 *
 * @throws {SourceNotFound} when there is no such repository or branch: then it never will.
 */
export async function sayNeverRan({ state, sources, place }: LocalFleet): Promise<string | undefined> {
  const item = await state.readFleet(place.name);
  if (item?.status !== undefined) return undefined;
  const { revision, subject } = await sources.fleet.resolve(place.branch);
  return [
    `no run has looked at fleet ${place.name} yet; ${place.branch} is at ${shortRevision(revision)} ${JSON.stringify(subject)}`,
    'next: `plumbline plan` shows what would happen, `plumbline apply` brings it in once, `plumbline serve` keeps it true',
  ].join('\n');
}

/** @throws {ConfigInvalid} when the fleet has no cluster of that name, naming those that it has. */
export async function assertCluster({ state, place }: LocalFleet, name: string | undefined): Promise<void> {
  if (name === undefined) return;
  const known = (await state.listClusters(place.name)).map(({ cluster }) => cluster);
  if (known.includes(name)) return;
  const remedy = known.length === 0 ? 'no run has seen one yet' : `name one of: ${known.join(', ')}`;
  throw badArgument('--cluster', `fleet ${place.name} has no cluster ${JSON.stringify(name)}`, remedy);
}
