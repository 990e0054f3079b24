import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SqliteStateStore } from '../../../../shared/adapters/sqlite/sqlite-state-store.ts';
import { StateFile } from '../../../../shared/adapters/sqlite/state-file.ts';
import { stateFileError } from '../../../../shared/adapters/sqlite/state-file-error.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import type { WorkKey } from '../../../../shared/job/ports.ts';

const A: WorkKey = { kind: 'cluster', fleet: 'f', cluster: 'a' };

describe('the state file', () => {
  let folder: string;
  let path: string;
  const open: StateFile[] = [];
  const opened = (): StateFile => {
    const file = new StateFile(path, { busyTimeoutMs: 50 });
    open.push(file);
    return file;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plumbline-state-file-'));
    path = join(folder, 'new', 'state.db');
  });
  afterEach(() => {
    for (const file of open.splice(0)) file.close();
    rmSync(folder, { recursive: true });
  });

  it('is made for its owner alone, its folder and its log too', async () => {
    await new SqliteStateStore(opened()).wake(A);

    const modes = [join(folder, 'new'), path, `${path}-wal`].map((name) => statSync(name).mode & 0o077);
    assert.deepEqual(modes, [0, 0, 0]);
  });

  it('keeps what it holds when it is opened again', async () => {
    const first = opened();
    await new SqliteStateStore(first).wake(A);
    first.close();

    assert.equal((await new SqliteStateStore(opened()).readCluster('f', 'a'))?.work.wanted, 1);
  });

  it('undoes everything of a transaction that throws', async () => {
    const file = opened();

    assert.throws(
      () =>
        file.write('try', ({ sql }) => {
          sql("INSERT INTO message (body, visible_at_ms) VALUES ('x', 0)").run();
          throw new Error('stop');
        }),
      /stop/,
    );

    assert.equal(
      file.read('count', ({ sql }) => sql('SELECT count(*) AS n FROM message').get()?.n),
      0,
    );
  });

  it('takes the time from SQLite', async () => {
    const before = Date.now();
    const nowMs = await new SqliteStateStore(opened()).nowMs();

    assert.ok(nowMs >= before - 1 && nowMs <= Date.now() + 1, `${nowMs} lies between ${before} and ${Date.now()}`);
  });

  it('leaves the database of another program alone', () => {
    path = join(folder, 'other.db');
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE notes (text TEXT)');
    other.close();
    const content = readFileSync(path);

    assert.throws(
      opened,
      refusal(/other\.db: open the state file: it is the database of another program; name another/),
    );

    assert.deepEqual(readFileSync(path), content);
    assert.equal(existsSync(`${path}-wal`), false);
  });

  it('refuses a file that is no database and says that it may be deleted', () => {
    path = join(folder, 'text.db');
    writeFileSync(path, 'this is no database, it is a text that goes on for more than a header\n'.repeat(20));

    assert.throws(opened, refusal(/no SQLite database .*delete the file .*nothing is lost/));
  });

  it('refuses a file of another version', () => {
    const file = opened();
    file.close();
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 7');
    database.close();

    assert.throws(opened, refusal(/it has version 7, this Plumbline reads version 2; .*delete the file/));
  });

  it('names a damaged item and says that the file may be deleted', async () => {
    const file = opened();
    const store = new SqliteStateStore(file);
    await store.wake(A);
    const damage = (text: string): unknown =>
      file.write('damage', ({ sql }) => sql('UPDATE item SET desired = ?').run(text));

    damage('{"blob": 1}');
    await assert.rejects(
      store.readCluster('f', 'a'),
      refusal(/read cluster a: a stored item is damaged: blob: .*delete/),
    );
    damage('{"blob": ');
    await assert.rejects(
      store.readCluster('f', 'a'),
      refusal(/read cluster a: a stored item is damaged: .*JSON.*delete/),
    );
  });

  it('says who is in the way when another process holds the lock', async () => {
    const store = new SqliteStateStore(opened());
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');

    await assert.rejects(store.wake(A), refusal(/wake cluster a: another process holds the lock .*tried again/));

    other.close();
    await store.wake(A);
  });

  it('reads while another process writes', async () => {
    const store = new SqliteStateStore(opened());
    await store.wake(A);
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    other.exec('UPDATE item SET wanted = 99');

    assert.equal((await store.readCluster('f', 'a'))?.work.wanted, 1);

    other.close();
  });

  it('starts anew when it is deleted under a running process', async () => {
    const store = new SqliteStateStore(opened());
    await store.wake(A);
    rmSync(join(folder, 'new'), { recursive: true });

    await store.wake({ ...A, cluster: 'b' });

    assert.equal(await store.readCluster('f', 'a'), undefined);
    assert.equal((await new SqliteStateStore(opened()).listClusters('f')).length, 1);
  });

  it('makes up for a hand-over that could not be written, once it can', async () => {
    const store = new SqliteStateStore(opened());
    await store.wake(A);
    const acquired = await store.acquire(A, { nonce: 'a run', holdMs: 60_000 });
    assert.ok(acquired.result === 'acquired');
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');

    await assert.rejects(store.handOver(A, acquired.lease, { nextTryInMs: 5_000 }), { code: 'StateUnavailable' });
    other.exec('ROLLBACK');
    other.close();

    assert.deepEqual(await store.due('f', 10), [A]);
    const next = await store.acquire(A, { nonce: 'next', holdMs: 60_000 });
    assert.equal(next.result, 'acquired');
    assert.deepEqual(await store.due('f', 10), [], 'made up for once');
  });

  it('says that the disk is full when SQLite finds it full', async () => {
    const database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE t (x); PRAGMA max_page_count = 3');
    const full = caught(() => database.exec('INSERT INTO t VALUES (zeroblob(100000))'));

    const error = stateFileError('/state.db', 'append a run', full);

    assert.ok(error instanceof PlumblineError);
    assert.match(error.message, /^\/state\.db: append a run: the disk is full \(.*\); free some space/);
    assert.equal(error.code, 'StateUnavailable');
    database.close();
  });

  it('leaves an error of ours as it is', () => {
    const bug = new TypeError('x is undefined');

    assert.equal(stateFileError('/state.db', 'read', bug), bug);
  });
});

function refusal(pattern: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof PlumblineError, String(error));
    assert.equal(error.code, 'StateUnavailable');
    assert.match(error.message, pattern);
    return true;
  };
}

function caught(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
