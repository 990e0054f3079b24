/**
 * Objects read so far, for all repositories of a process: a warm planner fetches only what is new. Objects leave a shelf
 * all together or not at all, so what is known to be whole stays whole, and a snapshot in use keeps its shelf.
 */
import type { TreeEntry } from '../git-objects/object-database.ts';
import type { StoredObject } from './stored-object.ts';

/** A planner has 1 GB, and the largest answer that it takes comes on top of this. */
const DEFAULT_KEPT_BYTES = 192 * 1024 * 1024;
/** What an entry of a Map and the object's fields cost beside its bytes. */
const OVERHEAD_BYTES = 200;

/** The objects of one repository. */
export class Shelf {
  readonly objects = new Map<string, StoredObject>();
  /** Commits whose trees, and files unless those are fetched on demand, are all here; the latest comes last. */
  readonly whole = new Set<string>();
  /** Trees of which the same is true. */
  readonly wholeTrees = new Set<string>();
  /** Trees in the form that they are read in. */
  readonly parsedTrees = new Map<string, readonly TreeEntry[]>();
  bytes = 0;

  add(objects: ReadonlyMap<string, StoredObject>): void {
    for (const [id, object] of objects) {
      if (this.objects.has(id)) continue;
      this.objects.set(id, object);
      this.bytes += object.bytes.length + OVERHEAD_BYTES;
    }
  }
}

export class ObjectCache {
  readonly #keptBytes: number;
  readonly #shelves = new Map<object, Shelf>();

  constructor(keptBytes: number = DEFAULT_KEPT_BYTES) {
    this.#keptBytes = keptBytes;
  }

  /** Returns the shelf of a repository, which is the last to go then. */
  shelf(owner: object): Shelf {
    const shelf = this.#shelves.get(owner) ?? new Shelf();
    this.#shelves.delete(owner);
    this.#shelves.set(owner, shelf);
    return shelf;
  }

  /** Returns the shelf to put new objects on: an empty one when there is too much, its own being what went last. */
  makeRoom(owner: object): Shelf {
    this.shelf(owner);
    let kept = [...this.#shelves.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [other, { bytes }] of this.#shelves) {
      if (kept <= this.#keptBytes) break;
      this.#shelves.delete(other);
      kept -= bytes;
    }
    return this.shelf(owner);
  }

  /** Forgets everything of one repository. */
  empty(owner: object): void {
    this.#shelves.delete(owner);
  }
}
