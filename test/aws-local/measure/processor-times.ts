/** Processor time of the functions' processes: unlike durations it does not depend on what else the machine does. */
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of Linux's /proc, which are the same everywhere. */
const TICK_MS = 10;
/** Source: proc_pid_stat(5): parent, then user and system time, its own and that of children that have ended. */
const PARENT = 1;
const TIMES = [11, 12, 13, 14] as const;

/** Returns milliseconds by process id, for processes that this one started as functions. */
export function processorTimes(): ReadonlyMap<string, { readonly function: string; readonly ms: number }> {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const fields = readOrNothing(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
      if (Number(fields[PARENT]) !== process.pid) return [];
      const name = /(?:^|\0)AWS_LAMBDA_FUNCTION_NAME=([^\0]*)/.exec(readOrNothing(`/proc/${pid}/environ`))?.[1];
      const ms = TIMES.reduce((sum, field) => sum + Number(fields[field]) * TICK_MS, 0);
      return name === undefined ? [] : [[pid, { function: name, ms }] as const];
    });
  return new Map(found);
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
