import { readdirSync, readFileSync } from 'node:fs';

/** Returns the memory of a process group in MB, or undefined where the system does not tell (no /proc). */
export function memoryOfGroup(groupId: number): number | undefined {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.reduce((sum, pid) => sum + memoryIn(pid, groupId), 0);
  } catch {
    return undefined;
  }
}

function memoryIn(pid: string, groupId: number): number {
  try {
    // pid (name) state parent group ...; the name may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    if (Number(fields[2]) !== groupId) return 0;
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}
