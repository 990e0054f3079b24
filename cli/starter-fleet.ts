/** A small fleet repository to start from: a copy of examples/starter as a Git repository with one commit. */
import * as fs from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import git from 'isomorphic-git';
import { PlumblineError } from '../shared/errors.ts';

const TEMPLATE = fileURLToPath(new URL('../examples/starter', import.meta.url));
const AUTHOR = { name: 'plumbline init', email: 'init@plumbline.invalid' };

/** Makes the repository in `folder`. @throws {ConfigInvalid} when something is there already. */
export async function makeStarterFleet(
  folder: string,
  { context }: { readonly context?: string },
): Promise<{ readonly path: string }> {
  const path = resolve(folder);
  await mkdir(path, { recursive: true });
  if ((await readdir(path)).length > 0) throw notEmpty(folder);
  await cp(TEMPLATE, path, { recursive: true });
  if (context !== undefined) await nameContext(join(path, 'plumbline', 'clusters.yaml'), context);
  await git.init({ fs, dir: path, defaultBranch: 'main' });
  await git.add({ fs, dir: path, filepath: '.' });
  await git.commit({ fs, dir: path, message: 'a fleet to start from', author: AUTHOR });
  return { path };
}

async function nameContext(file: string, context: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('{context: my-cluster}', `{context: ${JSON.stringify(context)}}`));
}

function notEmpty(folder: string): PlumblineError {
  const wrong = 'there are files in it already';
  return new PlumblineError([
    { code: 'ConfigInvalid', subject: folder, act: 'make a fleet repository', wrong, remedy: 'name a new folder' },
  ]);
}
