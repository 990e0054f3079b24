import { newestVersions } from '../../model/version-range.ts';

/** What git-check-ref-format(1) forbids; it also keeps a ref from naming files outside refs/. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what is forbidden
const FORBIDDEN = /\.\.|[\u0000-\u0020\u007f~^:?*[\\]|^[-/.]|\/$|\/\/|\.lock$|@\{/;
const LISTED = 10;

export function isRefName(ref: string): boolean {
  return ref !== '' && !FORBIDDEN.test(ref);
}

/** Returns the names as errors quote them, ten at most. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).map((name) => `"${name}"`);
  return names.length > LISTED ? `${shown.join(', ')} and ${names.length - LISTED} more` : shown.join(', ');
}

/** Returns what is wrong with a range that no tag lies in. */
export function noVersion(tags: readonly string[]): { readonly wrong: string; readonly remedy: string } {
  const newest = newestVersions(tags);
  if (newest.length > 0) {
    return { wrong: 'no tag lies in this range of versions', remedy: `the newest tags are ${listNames(newest)}` };
  }
  const others = tags.length === 0 ? '' : `; the tags are ${listNames(tags)}`;
  return { wrong: 'no tag is a version', remedy: `tag a release, such as v1.2.3, or name a branch${others}` };
}

/** Returns what is wrong with a ref that leads nowhere, and what would be right. */
export function unknownRef(branches: readonly string[]): { readonly wrong: string; readonly remedy: string } {
  if (branches.length === 0) return { wrong: 'the repository has no commits yet', remedy: 'commit something first' };
  return { wrong: 'no branch, tag or commit has this name', remedy: `the branches are ${listNames(branches)}` };
}
