import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStateStore } from '../../shared/adapters/sqlite/sqlite-state-store.ts';
import { StateFile } from '../../shared/adapters/sqlite/state-file.ts';
import { FakeStateStore } from '../fakes/fake-state-store.ts';
import { stateStoreContract } from './state-store-contract.ts';

stateStoreContract('the fake', async () => {
  const store = new FakeStateStore();
  return { store, pass: async (ms) => store.pass(ms), close: async () => undefined };
});

stateStoreContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-state-'));
  let nowMs = 1_000_000;
  const file = new StateFile(join(folder, 'state.db'), { nowMs: () => nowMs });
  return {
    store: new SqliteStateStore(file),
    pass: async (ms) => {
      nowMs += ms;
    },
    close: async () => {
      file.close();
      rmSync(folder, { recursive: true });
    },
  };
});
