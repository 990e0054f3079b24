import { join, resolve } from 'node:path';

/** Returns the absolute path; `~` is the home directory, what is relative starts at `base` (default: where we are). */
export function localPath(
  path: string,
  { homeDir, base = '.' }: { readonly homeDir: string; readonly base?: string },
): string {
  return path === '~' || path.startsWith('~/') ? join(homeDir, path.slice(1)) : resolve(base, path);
}
