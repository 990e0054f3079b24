/**
 * The lines that Git speaks in: four hex digits of length, then the payload; lengths 0, 1 and 2 are marks without
 * payload. Source: gitprotocol-common(5), "pkt-line Format"; gitprotocol-v2(5), "Packet-Line Framing".
 */
import { GitAnswerError } from './git-answer-error.ts';

export type Packet =
  | { readonly kind: 'line'; readonly payload: Buffer }
  | { readonly kind: 'flush' | 'delimiter' | 'response-end' };

const HEADER = 4;
const MAX_LENGTH = 65_520;
const MARKS = ['flush', 'delimiter', 'response-end'] as const;

export const FLUSH = '0000';
export const DELIMITER = '0001';

/** Returns `text` as one packet. */
export function packet(text: string): string {
  return (Buffer.byteLength(text) + HEADER).toString(16).padStart(HEADER, '0') + text;
}

/** Reads packets from the chunks of an answer as they come. */
export class PacketReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Returns undefined at the end of the answer. @throws {GitAnswerError} when it ends within a packet. */
  async next(): Promise<Packet | undefined> {
    if (!(await this.#fill(HEADER))) {
      if (this.#rest.length === 0) return undefined;
      throw new GitAnswerError('broken', 'the answer breaks off');
    }
    const digits = this.#rest.toString('latin1', 0, HEADER);
    const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : -1;
    const mark = MARKS[length];
    if (mark !== undefined) {
      this.#rest = this.#rest.subarray(HEADER);
      return { kind: mark };
    }
    if (length < HEADER || length > MAX_LENGTH) {
      throw new GitAnswerError('broken', `the answer has a packet of length ${JSON.stringify(digits)}`);
    }
    if (!(await this.#fill(length))) throw new GitAnswerError('broken', 'the answer breaks off');
    const payload = this.#rest.subarray(HEADER, length);
    this.#rest = this.#rest.subarray(length);
    return { kind: 'line', payload };
  }

  /** Returns the next line as text without its line end; undefined at a mark or at the end. */
  async nextText(): Promise<string | undefined> {
    const next = await this.next();
    return next?.kind === 'line' ? next.payload.toString('utf8').replace(/\n$/, '') : undefined;
  }

  async #fill(length: number): Promise<boolean> {
    while (this.#rest.length < length) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return false;
      this.#rest = this.#rest.length === 0 ? Buffer.from(value) : Buffer.concat([this.#rest, value]);
    }
    return true;
  }
}
