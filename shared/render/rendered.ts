import type { Rendering } from '../model/desired-state.ts';

/** What a renderer gives: a rendering without the digest of its input. */
export type Rendered = Omit<Rendering, 'inputDigest'>;

/** Large charts take seconds; what takes longer does not end. */
export const RENDER_TIMEOUT_MS = 60_000;
