import type { RenderInput } from '../../render/input.ts';
import { writeInput } from './input-blobs.ts';
import type { PlanDeps } from './plan-deps.ts';
import { inputKeyOf, readAskedAtMs, writeAskedAtMs } from './rendering-blobs.ts';

/** A rendering that is missing, and how to read its files. */
export interface MissingRendering {
  readonly inputDigest: string;
  readonly load: () => Promise<RenderInput>;
}

/**
 * Asks for each rendering once: its input as a blob, then a nudge, then a note of when. Cut off anywhere, the next plan
 * asks again; asked twice, the renderer finds its work done. One asked for lately is left to its worker, for every
 * rendering that ends wakes the planner, who would ask for all the others anew.
 */
export async function askForRenderings(
  deps: Pick<PlanDeps, 'state' | 'queue' | 'blobs' | 'limits'>,
  fleet: string,
  missing: Iterable<MissingRendering>,
): Promise<void> {
  const nowMs = await deps.state.nowMs();
  for (const { inputDigest, load } of missing) {
    const askedAtMs = await readAskedAtMs(deps.blobs, inputDigest);
    const isRecent = askedAtMs !== undefined && nowMs - askedAtMs < deps.limits.renderingMs;
    if (isRecent && (await deps.blobs.has(inputKeyOf(inputDigest)))) continue;
    await writeInput(deps.blobs, await load());
    await deps.queue.send([{ kind: 'render', fleet, input: inputKeyOf(inputDigest), hop: 0 }]);
    await writeAskedAtMs(deps.blobs, inputDigest, nowMs);
  }
}
