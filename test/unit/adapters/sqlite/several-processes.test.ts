import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SqliteQueue } from '../../../../shared/adapters/sqlite/sqlite-queue.ts';
import { SqliteStateStore } from '../../../../shared/adapters/sqlite/sqlite-state-store.ts';
import { StateFile } from '../../../../shared/adapters/sqlite/state-file.ts';
import type { WorkKey } from '../../../../shared/job/ports.ts';

const A: WorkKey = { kind: 'cluster', fleet: 'f', cluster: 'a' };
const CHILD = join(import.meta.dirname, 'state-file-child.ts');

describe('several processes on one state file', () => {
  let folder: string;
  let path: string;
  const children: ChildProcess[] = [];
  const start = (act: string, shell?: string): ChildProcess => {
    const child =
      shell === undefined
        ? spawn(process.execPath, [CHILD, act, path], { stdio: ['ignore', 'pipe', 'inherit'] })
        : spawn('sh', ['-c', `${shell} exec "$0" "$@"`, process.execPath, CHILD, act, path], {
            stdio: ['ignore', 'pipe', 'inherit'],
          });
    children.push(child);
    return child;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plumbline-processes-'));
    path = join(folder, 'state.db');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await ended(child, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });

  it('make the file at once, and lose none of their wake-ups and nudges', async () => {
    const outputs = await Promise.all([1, 2, 3].map(async () => outputOf(start('wake-50-times'))));

    assert.deepEqual(outputs, ['done\n', 'done\n', 'done\n']);
    const file = new StateFile(path);
    assert.equal((await new SqliteStateStore(file).readCluster('f', 'a'))?.work.wanted, 150);
    assert.equal((await new SqliteQueue(file).receive({ max: 1000, visibilityMs: 1000 })).length, 150);
    file.close();
  });

  it('free what a killed one held at once, but nothing of a stopped one', async () => {
    const holder = start('hold');
    await firstOutput(holder);
    const file = new StateFile(path);
    const [store, queue] = [new SqliteStateStore(file), new SqliteQueue(file)];

    holder.kill('SIGSTOP');
    const whileStopped = [await store.due('f', 10), await queue.receive({ max: 1, visibilityMs: 1 })];
    await ended(holder, 'SIGKILL');
    const whenKilled = await store.due('f', 10);
    const answer = await store.acquire(A, { nonce: 'next', holdMs: 60_000 });

    assert.deepEqual(whileStopped, [[], []]);
    assert.deepEqual(whenKilled, [A]);
    assert.ok(answer.result === 'acquired' && answer.lease.fence === 2);
    assert.equal((await queue.receive({ max: 1, visibilityMs: 1 })).length, 1);
    file.close();
  });

  it('get a clear error when the file may not grow, and lose nothing that was stored', async () => {
    const output = await outputOf(start('fill', 'ulimit -f 2000;'));

    assert.match(output, /^StateUnavailable .*state\.db: append a run: the disk (is full|refuses to read or write) /);
    const file = new StateFile(path);
    const runs = await new SqliteStateStore(file).listRuns('f', { limit: 10_000 });
    assert.equal(runs.length, Number(/stored (\d+)/.exec(output)?.[1]));
    assert.ok(runs.length > 0);
    file.close();
  });
});

async function outputOf(child: ChildProcess): Promise<string> {
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += String(chunk);
  });
  await once(child, 'close');
  return output;
}

async function firstOutput(child: ChildProcess): Promise<void> {
  assert.ok(child.stdout);
  await once(child.stdout, 'data');
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}
