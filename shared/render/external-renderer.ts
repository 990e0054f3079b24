import type { Rendering } from '../model/desired-state.ts';

/** What rendering needs of `ExternalRenderer` (job/ports.ts), which it may not import. */
export interface ExternalRenderer {
  run(input: {
    readonly subject: string;
    readonly files: ReadonlyMap<string, Uint8Array>;
    readonly links: ReadonlyMap<string, string>;
    readonly path: string;
    readonly arguments: readonly string[];
    readonly timeoutMs: number;
  }): Promise<{ readonly yaml: string; readonly warnings: readonly string[] }>;
}

/** A rendering without its digest. */
export type Rendered = Omit<Rendering, 'inputDigest'>;

/** Large charts take seconds; what takes longer does not end. */
export const RENDER_TIMEOUT_MS = 60_000;
