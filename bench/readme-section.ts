import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

const README = join(import.meta.dirname, 'README.md');

/** Replaces what stands in bench/README.md between the lines `<!-- name: begin -->` and `<!-- name: end -->`. */
export function writeSection(name: string, text: string): void {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [head, rest] = readFileSync(README, 'utf8').split(begin);
  const [, tail] = (rest ?? '').split(end);
  if (head === undefined || tail === undefined) throw new Error(`${README} lacks the line ${begin} or ${end}`);
  writeFileSync(README, `${head}${begin}\n${text}\n${end}${tail}`);
}

/** Returns when and on what was measured; `startedLoad` is the load average before it. */
export function describeMachine(startedLoad: number): string {
  const date = new Date().toISOString().slice(0, 10);
  const [cpu] = cpus();
  const load = [startedLoad, loadavg()[0] ?? 0].map((value) => value.toFixed(1)).join(' before and ');
  return `${date}, Node ${process.versions.node}, ${cpus().length} x ${cpu?.model ?? 'unknown'}; load average ${load} after.`;
}
