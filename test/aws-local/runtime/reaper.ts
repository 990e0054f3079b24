/**
 * Ends what we started, however we end. Processes of functions are stopped between invocations, as in Lambda, so they
 * cannot notice by themselves that nobody is there any more; a shell that outlives us does.
 */
import { spawn } from 'node:child_process';

export interface Reaper {
  /** Processes of this group are killed when we are gone. */
  watch(groupId: number): void;
  watchProcess(processId: number): void;
  stop(): void;
}

/** Reads a process's number a line (a group's behind a minus), and kills them all when its input closes. */
const KILL_WHEN_ALONE =
  'trap "" INT TERM HUP; while read -r id; do ids="$ids $id"; done; for id in $ids; do kill -9 "$id" 2>/dev/null; done';

export function startReaper(): Reaper {
  const shell = spawn('sh', ['-c', KILL_WHEN_ALONE], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.unref();
  shell.stdin.on('error', () => {});
  return {
    watch: (groupId) => void shell.stdin.write(`-${groupId}\n`),
    watchProcess: (processId) => void shell.stdin.write(`${processId}\n`),
    // Not by closing its input: numbers of processes that ended may belong to others by now.
    stop: () => void shell.kill('SIGKILL'),
  };
}
