/**
 * Bytes as the payload of an invocation, for both ends of it: JSON that holds them compressed. Lambda takes 6 MB each way;
 * YAML shrinks to about a tenth, which base64 makes an eighth.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { PlumblineError } from '../../errors.ts';

const LIMIT_BYTES = 6 * 1_048_576;
/** What it may grow to when it is opened: the renderer runs other people's charts and is not believed. */
const OPENED_LIMIT_BYTES = 64 * 1_048_576;

const payloadSchema = z.object({ gzip: z.base64() });

export type RenderPayload = z.infer<typeof payloadSchema>;

/**
 * Returns `bytes` for a payload.
 *
 * @throws {RenderFailed} when they are more than a call can carry, with `part` (`the files`) as what has to be smaller.
 */
export function packPayload(bytes: Uint8Array, part: string): RenderPayload {
  const payload = { gzip: gzipSync(bytes).toString('base64') };
  const size = payload.gzip.length + JSON.stringify({ gzip: '' }).length;
  if (size <= LIMIT_BYTES) return payload;
  throw renderFailed(
    `${part} are ${megabytes(size)} compressed (${megabytes(bytes.length)} as they are), more than the ${megabytes(LIMIT_BYTES)} that one call can carry`,
    'split the application, or leave away files that it does not need',
  );
}

/** Returns the bytes that `packPayload` was given. @throws {RenderFailed} when it is no such payload, or far too large. */
export function unpackPayload(payload: unknown): Uint8Array {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) throw renderFailed('the payload of the call is not readable', REPORT);
  try {
    return gunzipSync(Buffer.from(parsed.data.gzip, 'base64'), { maxOutputLength: OPENED_LIMIT_BYTES });
  } catch (error) {
    const wrong =
      error instanceof RangeError
        ? `the payload of the call is more than ${megabytes(OPENED_LIMIT_BYTES)} when it is opened`
        : 'the payload of the call is damaged';
    throw renderFailed(wrong, error instanceof RangeError ? 'split the application' : REPORT);
  }
}

const REPORT = 'this is a bug in Plumbline; please report it with the log';

/** Returns the failure of a rendering, for all that goes wrong between its two ends. */
export function renderFailed(wrong: string, remedy: string): PlumblineError {
  return new PlumblineError([{ code: 'RenderFailed', subject: 'renderer', act: 'render', wrong, remedy }]);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}
