import type { DesiredState } from '../../model/desired-state.ts';
import type { BlobStore } from '../ports.ts';
import { eachConcurrently } from '../reconcile/each-concurrently.ts';
import { type RenderState, readRenderState, renderingKeyOf } from './rendering-blobs.ts';

/** So many inputs are asked after at once. */
const AT_ONCE = 32;

/**
 * Returns what came of each input. What clusters were given before was rendered then and is taken to be there still, so
 * that a plan asks after new inputs alone; what a run found `lost` is looked at.
 */
export async function readRenderStates(
  blobs: BlobStore,
  inputDigests: Iterable<string>,
  known: { readonly given: ReadonlySet<string>; readonly lost: ReadonlySet<string> },
): Promise<ReadonlyMap<string, RenderState>> {
  const states = await eachConcurrently([...inputDigests], AT_ONCE, async (inputDigest) => {
    const rendering = renderingKeyOf(inputDigest);
    const isThere = known.given.has(rendering) && !known.lost.has(rendering);
    const state: RenderState = isThere ? { state: 'rendered', rendering } : await readRenderState(blobs, inputDigest);
    return [inputDigest, state] as const;
  });
  return new Map(states);
}

/** Returns the renderings that desired states name. */
export function renderingsIn(states: readonly (DesiredState | undefined)[]): readonly string[] {
  return states.flatMap((state) => state?.applications.flatMap(({ renderings }) => renderings) ?? []);
}
