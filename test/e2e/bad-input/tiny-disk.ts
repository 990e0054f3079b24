/** A file system of a few megabytes that a test can fill: only root may mount one. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIZE = '4m';
const CHUNK = new Uint8Array(4096);

export interface TinyDisk {
  readonly path: string;
  /** Leaves not one block. */
  fill(): void;
  free(): void;
  remove(): void;
}

/** Returns undefined where this user may not mount a file system, as on a Mac or without root. */
export function mountTinyDisk(): TinyDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), 'plumbline-tiny-disk-'));
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'plumbline-test', path], { stdio: 'ignore' });
  } catch {
    rmdirSync(path);
    return undefined;
  }
  const filler = join(path, 'filler');
  return {
    path,
    fill() {
      try {
        for (;;) appendFileSync(filler, CHUNK);
      } catch {
        // Now it is full.
      }
    },
    free: () => rmSync(filler),
    remove() {
      execFileSync('/bin/umount', ['--lazy', path], { stdio: 'ignore' });
      rmdirSync(path);
    },
  };
}
