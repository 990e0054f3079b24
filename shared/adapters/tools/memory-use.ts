import { readFile } from 'node:fs/promises';

const PAGE_BYTES = 4096;
/** A Go program that runs away takes about 1 GiB a second. */
const LOOK_EVERY_MS = 50;

/**
 * Calls `onExcess` once when process `pid` holds more than `limitBytes`, until the returned function is called. Linux
 * alone tells; elsewhere nothing is watched. A limit of the address space (`ulimit -v`) does not do: Go reserves far more
 * than it uses.
 */
export function watchMemory(pid: number, limitBytes: number, onExcess: () => void): () => void {
  const timer = setInterval(async () => {
    if ((await residentBytes(pid)) <= limitBytes) return;
    clearInterval(timer);
    onExcess();
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Source: proc(5), statm: the second field counts resident pages. */
async function residentBytes(pid: number): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return Number(statm.split(' ')[1] ?? 0) * PAGE_BYTES;
}
