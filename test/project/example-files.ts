import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../architecture/source-files.ts';

/** Returns the files of `examples/<name>` by path relative to it. */
export function readExample(name: string): ReadonlyMap<string, Uint8Array> {
  const folder = join(ROOT, 'examples', name);
  const paths = globSync('**', { cwd: folder }).filter((path) => statSync(join(folder, path)).isFile());
  return new Map(paths.sort().map((path) => [path, readFileSync(join(folder, path))]));
}
