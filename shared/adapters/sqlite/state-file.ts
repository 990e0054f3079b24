/**
 * The one file that holds state and queue on one machine. Several processes use it at once (serve, commands that read,
 * a second serve that takes over): WAL, a busy timeout, and BEGIN IMMEDIATE for whatever writes. `synchronous=NORMAL`
 * survives the end of the process at any moment; a power cut may take the last transactions, which is as good as a
 * slightly older file.
 */
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { APPLICATION_ID, CREATE_TABLES, SCHEMA_VERSION } from './sql-schema.ts';
import { foreignStateFile, stateFileError } from './state-file-error.ts';

export interface StateFileOptions {
  /** How long a statement waits for another process's lock. Default 5,000. */
  readonly busyTimeoutMs?: number;
  /** For tests that let time pass. Default: SQLite's clock. */
  readonly nowMs?: () => number;
}

/** What a transaction works with. Statements are prepared once. */
export interface Transaction {
  readonly nowMs: number;
  sql(text: string): StatementSync;
}

export class StateFile {
  readonly path: string;
  readonly #options: StateFileOptions;
  #open: OpenFile;

  /** Makes the file (mode 0600) and its folder when missing. @throws {StateUnavailable} */
  constructor(path: string, options: StateFileOptions = {}) {
    this.path = path;
    this.#options = options;
    this.#open = this.#guarded('open the state file', () => openFile(path, options));
  }

  /** Runs `work` in one snapshot. @throws {StateUnavailable} */
  read<T>(act: string, work: (transaction: Transaction) => T): T {
    return this.#run(act, 'BEGIN', work);
  }

  /** Runs `work` alone among all writers; what it throws undoes it. @throws {StateUnavailable} */
  write<T>(act: string, work: (transaction: Transaction) => T): T {
    return this.#run(act, 'BEGIN IMMEDIATE', work);
  }

  close(): void {
    if (this.#open.database.isOpen) this.#open.database.close();
  }

  #run<T>(act: string, begin: string, work: (transaction: Transaction) => T): T {
    return this.#guarded(act, () => {
      const { database, statements } = this.#current();
      const sql = (text: string): StatementSync => {
        const statement = statements.get(text) ?? database.prepare(text);
        statements.set(text, statement);
        return statement;
      };
      database.exec(begin);
      try {
        const result = work({ nowMs: this.#nowMs(sql), sql });
        database.exec('COMMIT');
        return result;
      } finally {
        // A full disk may have ended the transaction already.
        if (database.isTransaction) database.exec('ROLLBACK');
      }
    });
  }

  #nowMs(sql: (text: string) => StatementSync): number {
    if (this.#options.nowMs !== undefined) return this.#options.nowMs();
    return Number(sql("SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now").get()?.now);
  }

  /** Opens again when the file was deleted or put back under us: its old content would be written to nowhere. */
  #current(): OpenFile {
    if (statSync(this.path, { throwIfNoEntry: false })?.ino === this.#open.inode) return this.#open;
    this.close();
    this.#open = openFile(this.path, this.#options);
    return this.#open;
  }

  #guarded<T>(act: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw stateFileError(this.path, act, error);
    }
  }
}

interface OpenFile {
  readonly database: DatabaseSync;
  readonly statements: Map<string, StatementSync>;
  readonly inode: number;
}

function openFile(path: string, options: StateFileOptions): OpenFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite gives -wal and -shm the mode of the file itself.
  closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path, { timeout: options.busyTimeoutMs ?? 5000 });
  try {
    // In one snapshot: another process may be making the tables right now.
    inTransaction(database, 'BEGIN', () => checkOrigin(path, database));
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    createTables(path, database);
    return { database, statements: new Map(), inode: statSync(path).ino };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Before anything is written: the file is new, or ours and of this version. */
function checkOrigin(path: string, database: DatabaseSync): 'new' | 'ours' {
  const applicationId = Number(database.prepare('PRAGMA application_id').get()?.application_id);
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  const tables = Number(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n);
  if (applicationId === 0 && version === 0 && tables === 0) return 'new';
  if (applicationId !== APPLICATION_ID) throw foreignStateFile(path, 'it is the database of another program');
  if (version === SCHEMA_VERSION) return 'ours';
  throw foreignStateFile(path, `it has version ${version}, this Plumbline reads version ${SCHEMA_VERSION}`);
}

function createTables(path: string, database: DatabaseSync): void {
  inTransaction(database, 'BEGIN IMMEDIATE', () => {
    // Asked again inside: another process may have made them meanwhile.
    if (checkOrigin(path, database) === 'ours') return;
    database.exec(CREATE_TABLES);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};`);
  });
}

function inTransaction(database: DatabaseSync, begin: 'BEGIN' | 'BEGIN IMMEDIATE', work: () => void): void {
  database.exec(begin);
  try {
    work();
    database.exec('COMMIT');
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}
