/**
 * Bytes as the payload of an invocation, for both ends of it: JSON that holds them compressed. Lambda takes 6 MB each way;
 * YAML shrinks to about a tenth, which base64 makes an eighth.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { PlumblineError } from '../../errors.ts';

/** A little is left for what else stands in a call. */
const LIMIT_BYTES = 6 * 1_048_576 - 1_024;
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

/**
 * Returns the bytes that `packPayload` was given.
 *
 * @throws {RenderFailed} when they are far too many.
 * @throws {InvariantBroken} when it is no such payload.
 */
export function unpackPayload(payload: unknown): Uint8Array {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) throw unreadable('it is not of the form that both ends agreed on');
  try {
    return gunzipSync(Buffer.from(parsed.data.gzip, 'base64'), { maxOutputLength: OPENED_LIMIT_BYTES });
  } catch (error) {
    if (!(error instanceof RangeError)) throw unreadable('it is damaged');
    const wrong = `what the call carries is more than ${megabytes(OPENED_LIMIT_BYTES)} when it is opened`;
    throw renderFailed(wrong, 'split the application');
  }
}

/** Returns the failure of a rendering, for what its files or objects have done between the two ends. */
export function renderFailed(wrong: string, remedy: string): PlumblineError {
  return new PlumblineError([{ code: 'RenderFailed', subject: 'renderer', act: 'render', wrong, remedy }]);
}

function unreadable(wrong: string): PlumblineError {
  const remedy = 'this is a bug in Plumbline; please report it with the log';
  return new PlumblineError([
    { code: 'InvariantBroken', subject: 'renderer', act: 'read the payload of a call', wrong, remedy },
  ]);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}
