/** A layer as Lambda mounts it at /opt: the two programs in their folders, unpacked once a machine. */
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { unpackLayer } from '../../../shared/adapters/tools/unpack-layer.ts';

const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plumbline', 'tools');

/** Returns the folder that stands for /opt. @throws {Error} when the zip does not hold what the functions look for. */
export async function layerFolder(zipPath: string): Promise<string> {
  const binaries = await unpackLayer(zipPath, CACHE);
  const folder = join(dirname(binaries.helm), 'opt');
  for (const [name, binary] of Object.entries(binaries)) {
    const link = join(folder, name, name);
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(binary, link);
    } catch (error) {
      if (!existsSync(link)) throw error;
    }
  }
  return folder;
}
