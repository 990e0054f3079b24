/** What another process does with the state file; started by several-processes.test.ts as `node <this> <act> <path>`. */
import { SqliteQueue } from '../../../../shared/adapters/sqlite/sqlite-queue.ts';
import { SqliteStateStore } from '../../../../shared/adapters/sqlite/sqlite-state-store.ts';
import { StateFile } from '../../../../shared/adapters/sqlite/state-file.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import type { WorkKey } from '../../../../shared/job/ports.ts';
import { run } from '../../../contract/state-store-samples.ts';

const [act, path] = process.argv.slice(2);
if (act === undefined || path === undefined) throw new Error('usage: state-file-child <act> <path>');
const A: WorkKey = { kind: 'cluster', fleet: 'f', cluster: 'a' };
const file = new StateFile(path);
const store = new SqliteStateStore(file);
const queue = new SqliteQueue(file);

if (act === 'wake-50-times') {
  for (let i = 0; i < 50; i += 1) {
    await store.wake(A);
    await queue.send([{ kind: 'cluster', fleet: 'f', cluster: 'a', hop: 0 }]);
  }
  process.stdout.write('done\n');
}

if (act === 'hold') {
  await store.wake(A);
  await queue.send([{ kind: 'cluster', fleet: 'f', cluster: 'a', hop: 0 }]);
  await queue.receive({ max: 1, visibilityMs: 600_000 });
  await store.acquire(A, { nonce: 'holder', holdMs: 600_000 });
  process.stdout.write('held\n');
  setInterval(() => undefined, 1000);
}

if (act === 'fill') {
  let stored = 0;
  try {
    for (;;) {
      await store.appendRun('f', { ...run('a', stored), report: 'x'.repeat(20_000) });
      stored += 1;
    }
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    process.stdout.write(`${error.code} ${error.message} (stored ${stored})\n`);
  }
}
