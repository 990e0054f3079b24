import { notFound } from '../git-objects/not-found.ts';
import type { CommitObject, ObjectDatabase, TreeEntry } from '../git-objects/object-database.ts';
import { GitAnswerError } from './git-answer-error.ts';
import type { Shelf } from './object-cache.ts';
import { parseCommit, parseTree } from './parse-object.ts';
import { contentOf, type ObjectType, type StoredObject } from './stored-object.ts';

/** Fetches objects that a shelf lacks and puts them there. */
export type FetchMissing = (oid: string) => Promise<void>;

/** Reads from a shelf; files that are not there yet are fetched when they are read. */
export class ShelfDatabase implements ObjectDatabase {
  readonly #shelf: Shelf;
  readonly #subject: string;
  readonly #fetchMissing: FetchMissing | undefined;

  constructor(shelf: Shelf, subject: string, fetchMissing?: FetchMissing) {
    this.#shelf = shelf;
    this.#subject = subject;
    this.#fetchMissing = fetchMissing;
  }

  async commit(oid: string): Promise<CommitObject> {
    return this.#parse(oid, parseCommit, this.#get(oid, 'commit'));
  }

  async tree(oid: string): Promise<readonly TreeEntry[]> {
    const known = this.#shelf.parsedTrees.get(oid);
    if (known !== undefined) return known;
    const entries = this.#parse(oid, parseTree, this.#get(oid, 'tree'));
    this.#shelf.parsedTrees.set(oid, entries);
    return entries;
  }

  async blob(oid: string): Promise<Uint8Array> {
    if (!this.#shelf.objects.has(oid)) await this.#fetchMissing?.(oid);
    return contentOf(this.#get(oid, 'blob'));
  }

  /** Returns an object as it was hashed. @throws {SourceNotFound} */
  content(oid: string): Uint8Array {
    const object = this.#shelf.objects.get(oid);
    if (object === undefined) throw this.#damaged(oid, 'the server did not send it');
    return contentOf(object);
  }

  #get(oid: string, type: ObjectType): StoredObject {
    const object = this.#shelf.objects.get(oid);
    if (object?.type === type) return object;
    throw this.#damaged(
      oid,
      object === undefined ? 'the server did not send it' : `it is a ${object.type}, not a ${type}`,
    );
  }

  #parse<T>(oid: string, parse: (content: Buffer) => T, object: StoredObject): T {
    try {
      return parse(contentOf(object));
    } catch (error) {
      if (error instanceof GitAnswerError) throw this.#damaged(oid, error.message);
      throw error;
    }
  }

  #damaged(oid: string, wrong: string): Error {
    const remedy = 'check the repository on the server with "git fsck"';
    return notFound({ subject: this.#subject, act: `read object ${oid}`, wrong, remedy });
  }
}
