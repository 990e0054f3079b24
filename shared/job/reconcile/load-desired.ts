import type { DesiredApplication, DesiredState, RenderedObject, Rendering } from '../../model/desired-state.ts';
import { readRenderingAt } from '../plan-fleet/rendering-blobs.ts';
import type { BlobStore } from '../ports.ts';
import { readDesired } from '../read-desired.ts';
import { readRenderings } from '../read-renderings.ts';

export interface LoadedApplication {
  readonly application: DesiredApplication;
  readonly objects: readonly RenderedObject[];
  /** What the renderers warned of, and objects that several sources declare. */
  readonly warnings: readonly string[];
}

export interface LoadedState {
  readonly desired: DesiredState;
  readonly applications: readonly LoadedApplication[];
  /** Applications of which a rendering is gone: the planner is asked to make it again. */
  readonly lost: readonly string[];
  /** Keys of those renderings. Absent: none. */
  readonly lostBlobs?: readonly string[];
}

/** Returns the desired state with its renderings; undefined when the state's own blob is gone. */
export async function loadDesired(blobs: BlobStore, key: string): Promise<LoadedState | undefined> {
  const desired = await readDesired(blobs, key);
  if (desired === undefined) return undefined;
  const lost: string[] = [];
  const lostBlobs: string[] = [];
  const read = async (rendering: string): Promise<Rendering | undefined> => {
    const found = await readRenderingAt(blobs, rendering);
    if (found === undefined) lostBlobs.push(rendering);
    return found;
  };
  const applications: LoadedApplication[] = [];
  for (const application of desired.applications) {
    const rendered = await readRenderings(read, application);
    if (rendered === undefined) lost.push(application.name);
    else applications.push({ application, ...rendered });
  }
  return { desired, applications, lost, ...(lostBlobs.length > 0 && { lostBlobs }) };
}
