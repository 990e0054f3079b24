/**
 * Has one input rendered that the planner left: files in, objects out. It reads and writes nothing but blobs, and wakes
 * the fleet, whose next plan takes the result up.
 */
import { PlumblineError } from '../errors.ts';
import type { Rendering } from '../model/desired-state.ts';
import { decodeInput, type RenderInput } from '../render/input.ts';
import { passOn } from './pass-on.ts';
import { readRenderState, writeFailure, writeRendering } from './plan-fleet/rendering-blobs.ts';
import type { BlobStore, Notifier, Origin, Queue, StateStore } from './ports.ts';

export interface RenderDeps {
  readonly state: Pick<StateStore, 'wake'>;
  readonly queue: Pick<Queue, 'send'>;
  readonly blobs: BlobStore;
  /** Here or elsewhere. @throws {RenderFailed} with everything that is wrong with the files. */
  readonly render: (input: RenderInput) => Promise<Rendering>;
  readonly notifier: Notifier;
  /** A clock that never goes back, in milliseconds. */
  readonly monotonicMs: () => number;
}

export interface RenderTarget extends Partial<Origin> {
  readonly fleet: string;
  /** Key of the input's blob. */
  readonly input: string;
}

/**
 * `rendered`: now; `known`: before, by someone else; `failed`: the files are wrong, which is kept too, so that they are
 * not tried again; `lost`: the input is gone, and the planner will ask again.
 */
export type RenderResult = 'rendered' | 'known' | 'failed' | 'lost';

/** @throws {PlumblineError} for a fault that is not the repository's: a disk that is full, a renderer that is missing. */
export async function renderInput(
  deps: RenderDeps,
  { fleet, input: key, ...origin }: RenderTarget,
): Promise<RenderResult> {
  const bytes = await deps.blobs.read(key);
  if (bytes === undefined) return 'lost';
  const input = decodeInput(bytes);
  const known = await readRenderState(deps.blobs, input.inputDigest);
  const result = known.state === 'missing' ? await render(deps, input) : 'known';
  // After the result is written, always: whoever wrote it before may have been cut off here.
  await deps.state.wake({ kind: 'fleet', fleet });
  await passOn(deps.queue, origin).send([{ kind: 'fleet', fleet, hop: 0 }]);
  return result;
}

async function render(deps: RenderDeps, input: RenderInput): Promise<RenderResult> {
  const startedMs = deps.monotonicMs();
  try {
    const rendering = await deps.render(input);
    await writeRendering(deps.blobs, rendering);
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.fault !== 'declaration') throw error;
    await writeFailure(deps.blobs, input.inputDigest, error.problems);
    return 'failed';
  }
  deps.notifier.notify({ event: 'rendered', application: input.subject, durationMs: deps.monotonicMs() - startedMs });
  return 'rendered';
}
