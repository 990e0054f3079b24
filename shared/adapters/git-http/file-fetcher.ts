/** Fetches files by their ids: those asked for while a request is on its way go together in the next one. */
import { notFound } from '../git-objects/not-found.ts';
import { GitAnswerError } from './git-answer-error.ts';
import type { Shelf } from './object-cache.ts';
import type { UploadPack } from './upload-pack.ts';

/** About 100 kB of request. */
const MOST_AT_ONCE = 2_000;

export class FileFetcher {
  readonly #server: UploadPack;
  readonly #shelf: Shelf;
  #next: { readonly oids: Set<string>; readonly done: Promise<void> } | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(server: UploadPack, shelf: Shelf) {
    this.#server = server;
    this.#shelf = shelf;
  }

  /** Resolves when the server has answered, with or without the file. */
  async fetch(oid: string): Promise<void> {
    if (this.#next === undefined || this.#next.oids.size >= MOST_AT_ONCE) {
      const oids = new Set<string>();
      const done = this.#afterTick(this.#running, oids);
      this.#next = { oids, done };
      this.#running = done.catch(() => undefined);
    }
    this.#next.oids.add(oid);
    await this.#next.done;
  }

  async #afterTick(before: Promise<unknown>, oids: Set<string>): Promise<void> {
    await before;
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (this.#next?.oids === oids) this.#next = undefined;
    const wants = [...oids].filter((oid) => !this.#shelf.objects.has(oid));
    if (wants.length === 0) return;
    try {
      this.#shelf.add(await this.#server.fetch({ wants }));
    } catch (error) {
      if (!(error instanceof GitAnswerError)) throw error;
      throw notFound({
        subject: this.#server.connection.subject,
        act: `fetch ${wants.length} files`,
        wrong: 'the server no longer has them: the commit was removed from it after its folders were read',
        remedy: 'nothing, if the branch was pushed by force: its new commit is read next',
      });
    }
  }
}
