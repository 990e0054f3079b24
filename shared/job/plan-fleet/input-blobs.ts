import { encodeInput, type RenderInput } from '../../render/input.ts';
import type { BlobStore } from '../ports.ts';
import { inputKeyOf } from './rendering-blobs.ts';

/** Leaves an input for the renderer. It stands apart, because runs of clusters read renderings and know no renderer. */
export async function writeInput(blobs: BlobStore, input: RenderInput): Promise<void> {
  await blobs.write(inputKeyOf(input.inputDigest), encodeInput(input));
}
