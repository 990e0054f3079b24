/**
 * Which process holds a lease or a message, so that what a killed one held is free at once and not after minutes.
 * A wrong "alive" only costs the wait for the lease's end. A wrong "dead" would cost no more than a second writer, which
 * the fence in the cluster's anchor stops; it cannot come from a process number that is used again, since the start
 * time stands beside it.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { pid } from 'node:process';
import * as z from 'zod';

const identitySchema = z.object({
  host: z.string(),
  /** Changes when the machine starts again; '' where the system does not say. */
  boot: z.string(),
  /** Processes are only visible inside one PID namespace. */
  namespace: z.string(),
  pid: z.int(),
  start: z.string(),
});
type ProcessIdentity = z.infer<typeof identitySchema>;

/** Returns this process as text. */
export function thisProcess(): string {
  return JSON.stringify({ ...place(), pid, start: startOf(pid) } satisfies ProcessIdentity);
}

/** True only when the process that `identity` names has surely ended. */
export function hasEnded(identity: string): boolean {
  const other = identitySchema.parse(JSON.parse(identity));
  const here = place();
  if (other.host !== here.host) return false;
  if (other.boot !== here.boot) return true;
  if (other.namespace !== here.namespace) return false;
  return !isRunning(other.pid) || startOf(other.pid) !== other.start;
}

function place(): Pick<ProcessIdentity, 'host' | 'boot' | 'namespace'> {
  return {
    host: hostname(),
    boot: orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: orEmpty(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/**
 * Start time in clock ticks since boot, or `ended` for a killed process that its parent has not waited for: fields 22
 * and 3 of /proc/PID/stat (proc(5)); the name in field 2 may hold blanks. '' where there is no /proc.
 */
function startOf(processId: number): string {
  return orEmpty(() => {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? 'ended' : (rest[18] ?? '');
  });
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
