import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { it } from 'node:test';

const REAPER = join(import.meta.dirname, 'reaper.ts');

/** Starts a process and a stopped one with a child of its own, has them watched, and is killed. */
const SCRIPT = `
import { spawn } from 'node:child_process';
import { startReaper } from ${JSON.stringify(REAPER)};
const reaper = startReaper();
const plain = spawn('sleep', ['60'], { stdio: 'ignore' });
const group = spawn('sh', ['-c', 'sleep 60 & wait'], { stdio: 'ignore', detached: true });
reaper.watchProcess(plain.pid);
reaper.watch(group.pid);
setTimeout(() => {
  process.kill(-group.pid, 'SIGSTOP');
  process.stdout.write(JSON.stringify([plain.pid, -group.pid]) + '\\n');
}, 200);
setInterval(() => {}, 1000);`;

it('ends what it watches when we are killed, stopped processes and their children too', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const watched: number[] = JSON.parse(String(line));
  assert(watched.every(isAlive));

  child.kill('SIGKILL');
  await once(child, 'close');

  const deadline = Date.now() + 10_000;
  while (watched.some(isAlive) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(watched.filter(isAlive), []);
});

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}
