/**
 * Ends what we started, however we end. Processes of functions are stopped between invocations, as in Lambda, so they
 * cannot notice by themselves that nobody is there any more; a shell that outlives us does.
 */
import { spawn } from 'node:child_process';

export interface Reaper {
  /** Processes of this group are killed when we are gone. */
  watch(groupId: number): void;
  stop(): void;
}

/** Reads a group's number a line, and kills them all when its input closes. */
const KILL_WHEN_ALONE = 'trap "" INT TERM HUP; while read -r id; do ids="$ids -$id"; done; kill -9 -- $ids 2>/dev/null';

export function startReaper(): Reaper {
  const shell = spawn('sh', ['-c', KILL_WHEN_ALONE], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.unref();
  shell.stdin.on('error', () => {});
  return {
    watch: (groupId) => void shell.stdin.write(`${groupId}\n`),
    stop: () => shell.stdin.end(),
  };
}
