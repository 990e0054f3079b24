import { createHmac } from 'node:crypto';
import type { BlobStore } from '../../shared/job/ports.ts';

/** Blobs in memory. */
export class FakeBlobStore implements BlobStore {
  readonly #contents = new Map<string, Uint8Array>();

  get keys(): readonly string[] {
    return [...this.#contents.keys()];
  }

  async write(key: string, content: Uint8Array): Promise<void> {
    this.#contents.set(key, content.slice());
  }

  async read(key: string): Promise<Uint8Array | undefined> {
    return this.#contents.get(key)?.slice();
  }

  async has(key: string): Promise<boolean> {
    return this.#contents.has(key);
  }

  async remove(key: string): Promise<void> {
    this.#contents.delete(key);
  }

  digest(content: string | Uint8Array): string {
    return createHmac('sha256', 'fake').update(content).digest('hex');
  }

  /** As if it had been cleaned away or damaged. */
  lose(key: string): void {
    this.#contents.delete(key);
  }
}
