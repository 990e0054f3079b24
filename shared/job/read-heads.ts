import type { WatchedRef } from '../model/status.ts';
import type { FleetSources } from './plan-fleet/plan-deps.ts';
import type { Source, StateStore } from './ports.ts';

/**
 * Returns a text that changes whenever a ref moves which the fleet is read at: its branch, and those that the last plan
 * read applications at. A ref that cannot be read counts as what is wrong with it, so its return is a change too.
 */
export async function readHeads(
  deps: { readonly state: Pick<StateStore, 'readFleet'>; readonly sources: FleetSources },
  { fleet, branch }: { readonly fleet: string; readonly branch: string },
): Promise<string> {
  const watched = (await deps.state.readFleet(fleet))?.status?.watched ?? [];
  const heads = await Promise.all([
    headOf(() => deps.sources.fleet, branch),
    ...watched
      .filter(isCheap)
      .map(({ repository, ref }) =>
        headOf(() => (repository === undefined ? deps.sources.fleet : deps.sources.open(repository)), ref),
      ),
  ]);
  return heads.join('\n');
}

/** A registry limits how often it is asked: it is left to the recheck of the plan. */
function isCheap({ repository }: WatchedRef): boolean {
  return repository?.spec.oci === undefined;
}

async function headOf(open: () => Source, ref: string): Promise<string> {
  try {
    return (await open().resolve(ref)).revision;
  } catch (error) {
    return String(error);
  }
}
