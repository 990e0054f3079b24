/**
 * Texts that many items share or that hardly ever change: the API versions that a cluster serves (10 KB and more, the
 * same in most clusters) and its certificate authority. Kept by their digest in items of their own, so that a cluster's
 * item stays near one kilobyte, and remembered, so that each is read once a process. One that is missing is unknown.
 */
import { createHash } from 'node:crypto';
import { pack, packedAt, textAt } from './attributes.ts';
import { textKey } from './item-keys.ts';
import type { StateTable } from './state-table.ts';

/** More than there are in a big fleet; beyond it everything is read again. */
const REMEMBERED = 5_000;

export class LongTexts {
  readonly #table: StateTable;
  readonly #known = new Map<string, string>();

  constructor(table: StateTable) {
    this.#table = table;
  }

  /** Stores `text` unless it is known to be there; returns its digest. */
  async keep(fleet: string, text: string): Promise<string> {
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
    if (!this.#known.has(digest)) {
      await this.#table.put('keep a long text', { ...textKey(fleet, digest), text: pack(text) });
      this.#remember(digest, text);
    }
    return digest;
  }

  /** Returns the texts by digest, without those that are missing. */
  async read(fleet: string, digests: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const wanted = [...new Set(digests)];
    const missing = wanted.filter((digest) => !this.#known.has(digest));
    const keys = missing.map((digest) => textKey(fleet, digest));
    for (const item of await this.#table.getMany('read long texts', keys)) {
      this.#remember(textAt(item, 'sk') ?? '', packedAt(item, 'text') ?? '');
    }
    return new Map(
      wanted.flatMap((digest) => {
        const text = this.#known.get(digest);
        return text === undefined ? [] : [[digest, text] as const];
      }),
    );
  }

  #remember(digest: string, text: string): void {
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(digest, text);
  }
}
