/**
 * Builds an object from another one and the instructions how they differ: copy a range of the base, or insert bytes.
 * Source: gitformat-pack(5), "Deltified representation".
 */
import { GitAnswerError } from './git-answer-error.ts';

export interface DeltaSizes {
  readonly baseBytes: number;
  readonly resultBytes: number;
  /** Where the instructions begin. */
  readonly start: number;
}

/** @throws {GitAnswerError} when the delta is too short or counts beyond 2^53. */
export function readDeltaSizes(delta: Buffer): DeltaSizes {
  const base = readSize(delta, 0);
  const result = readSize(delta, base.end);
  return { baseBytes: base.size, resultBytes: result.size, start: result.end };
}

/** @throws {GitAnswerError} when an instruction leaves the base or the result. */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const { baseBytes, resultBytes, start } = readDeltaSizes(delta);
  if (baseBytes !== base.length) throw damaged();
  const result = Buffer.alloc(resultBytes);
  let written = 0;
  let at = start;
  while (at < delta.length) {
    const opcode = byteAt(delta, at++);
    const isCopy = (opcode & 0x80) !== 0;
    const range = isCopy ? readCopy(delta, at, opcode) : { offset: at, size: opcode, end: at + opcode };
    const source = isCopy ? base : delta;
    if (range.size === 0 || range.offset + range.size > source.length || written + range.size > resultBytes) {
      throw damaged();
    }
    source.copy(result, written, range.offset, range.offset + range.size);
    written += range.size;
    at = range.end;
  }
  if (written !== resultBytes) throw damaged();
  return result;
}

/** Bits of the opcode say which of four offset bytes and three size bytes follow; size 0 means 65,536. */
function readCopy(delta: Buffer, start: number, opcode: number) {
  let at = start;
  let offset = 0;
  let size = 0;
  for (let bit = 0; bit < 4; bit += 1) if (opcode & (1 << bit)) offset += byteAt(delta, at++) * 2 ** (8 * bit);
  for (let bit = 0; bit < 3; bit += 1) if (opcode & (0x10 << bit)) size += byteAt(delta, at++) * 2 ** (8 * bit);
  return { offset, size: size === 0 ? 0x10000 : size, end: at };
}

function readSize(delta: Buffer, start: number): { readonly size: number; readonly end: number } {
  let size = 0;
  for (let at = start, shift = 0; shift <= 49; at += 1, shift += 7) {
    const byte = byteAt(delta, at);
    size += (byte & 0x7f) * 2 ** shift;
    if ((byte & 0x80) === 0) return { size, end: at + 1 };
  }
  throw damaged();
}

function byteAt(delta: Buffer, at: number): number {
  const byte = delta[at];
  if (byte === undefined) throw damaged();
  return byte;
}

function damaged(): GitAnswerError {
  return new GitAnswerError('broken', 'the pack has a delta that does not fit its base');
}
