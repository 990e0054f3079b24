import type { RepositoryChange } from '../../model/repository-change.ts';
import { Nonsense } from './forge.ts';

const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const NO_OBJECT = /^0+$/;

/** The addresses of a repository and what is known of its HEAD. */
export interface ChangedRepository {
  readonly urls: readonly (string | null | undefined)[];
  readonly defaultBranch?: string | null | undefined;
}

export interface RefMove {
  readonly ref: string;
  /** All zeros: deleted. Null or undefined: the event does not say. */
  readonly to: string | null | undefined;
  readonly deleted?: boolean | undefined;
}

/** Returns one move of a ref in a repository. @throws {Nonsense} when the repository has no address or the id is none. */
export function changeOf(repository: ChangedRepository, move: RefMove): RepositoryChange {
  const urls = [...new Set(repository.urls.flatMap((url) => (url ? [url] : [])))];
  if (urls.length === 0) throw new Nonsense('the repository has no address');
  const deleted = move.deleted === true || (typeof move.to === 'string' && NO_OBJECT.test(move.to));
  const defaultBranch = repository.defaultBranch?.replace(/^refs\/heads\//, '');
  return {
    urls,
    ref: move.ref,
    deleted,
    ...(deleted || !move.to ? {} : { commit: objectId(move.to) }),
    ...(defaultBranch ? { defaultBranch } : {}),
  };
}

/** Returns the full name of a ref that an event gives by its short name and its type. */
export function fullRef(name: string, type: string): string {
  if (name.startsWith('refs/')) return name;
  return `${type === 'tag' ? 'refs/tags' : 'refs/heads'}/${name}`;
}

function objectId(text: string): string {
  const id = text.toLowerCase();
  if (!OBJECT_ID.test(id)) throw new Nonsense('what the ref points at is no commit id');
  return id;
}
