import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteQueue } from '../../shared/adapters/sqlite/sqlite-queue.ts';
import { StateFile } from '../../shared/adapters/sqlite/state-file.ts';
import { FakeQueue } from '../fakes/fake-queue.ts';
import { queueContract } from './queue-contract.ts';

queueContract('the fake', async () => {
  const queue = new FakeQueue();
  return {
    queue,
    pass: async (ms) => queue.pass(ms),
    rejected: async () => queue.rejected,
    close: async () => undefined,
  };
});

queueContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-queue-'));
  let nowMs = 1_000_000;
  const file = new StateFile(join(folder, 'state.db'), { nowMs: () => nowMs });
  const queue = new SqliteQueue(file);
  return {
    queue,
    pass: async (ms) => {
      nowMs += ms;
    },
    rejected: () => queue.listDeadLetters(),
    close: async () => {
      file.close();
      rmSync(folder, { recursive: true });
    },
  };
});
