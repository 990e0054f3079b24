import { readJsonBlob } from '../../../shared/job/blob-json.ts';
import type { BlobStore } from '../../../shared/job/ports.ts';
import type { DesiredState } from '../../../shared/model/desired-state.ts';

/** A blob store of which single blobs get lost: then they are not there until they are written again. */
export class LossyBlobs implements BlobStore {
  readonly #of: () => BlobStore;
  readonly #lost = new Set<string>();

  /** @param of the store of the moment: a sequence may lose that whole. */
  constructor(of: () => BlobStore) {
    this.#of = of;
  }

  lose(key: string | undefined): void {
    if (key !== undefined) this.#lost.add(key);
  }

  async loseRenderings(desired: string | undefined): Promise<void> {
    const state = desired === undefined ? undefined : await readJsonBlob<DesiredState>(this.#of(), desired);
    for (const { renderings } of state?.applications ?? []) for (const key of renderings) this.lose(key);
  }

  /** What a planner writes is there again: renderings and desired states. */
  restoreDesired(): void {
    for (const key of this.#lost) if (!key.startsWith('record/')) this.#lost.delete(key);
  }

  async write(key: string, content: Uint8Array): Promise<void> {
    this.#lost.delete(key);
    await this.#of().write(key, content);
  }

  async read(key: string): Promise<Uint8Array | undefined> {
    return this.#lost.has(key) ? undefined : this.#of().read(key);
  }

  async has(key: string): Promise<boolean> {
    return !this.#lost.has(key) && (await this.#of().has(key));
  }

  remove(key: string): Promise<void> {
    return this.#of().remove(key);
  }

  digest(content: string | Uint8Array): string {
    return this.#of().digest(content);
  }
}
