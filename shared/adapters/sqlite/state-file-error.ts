import * as z from 'zod';
import { PlumblineError } from '../../errors.ts';

const START_ANEW =
  'stop Plumbline, delete the file (and its -wal and -shm) and start again: nothing is lost, the clusters hold the truth';

/** Primary result codes: https://www.sqlite.org/rescode.html */
const SQLITE_REFUSALS: ReadonlyMap<number, { readonly wrong: string; readonly remedy: string }> = new Map([
  [5, { wrong: 'another process holds the lock', remedy: 'it is tried again; if it lasts, stop the other process' }],
  [8, { wrong: 'the file or its folder is read-only', remedy: 'make both writable for this user' }],
  [10, { wrong: 'the disk refuses to read or write', remedy: 'check the disk and its quota; it is tried again' }],
  [11, { wrong: 'the file is damaged', remedy: START_ANEW }],
  [13, { wrong: 'the disk is full', remedy: 'free some space; it is tried again and goes on from there' }],
  [14, { wrong: 'the file cannot be opened', remedy: 'check the path and its permissions' }],
  [26, { wrong: 'the file is no SQLite database', remedy: START_ANEW }],
]);

/** Returns the error for a state file that is not ours, or of another version. */
export function foreignStateFile(path: string, wrong: string): PlumblineError {
  return unavailable(path, 'open the state file', { wrong, remedy: `name another file, or ${START_ANEW}` });
}

/** Returns what is to be thrown for `error`: `StateUnavailable` where the file or the disk is at fault, else `error`. */
export function stateFileError(path: string, act: string, error: unknown): unknown {
  if (error instanceof z.ZodError) {
    return unavailable(
      path,
      act,
      { wrong: `a stored item is damaged: ${firstIssue(error)}`, remedy: START_ANEW },
      error,
    );
  }
  if (error instanceof SyntaxError) {
    return unavailable(path, act, { wrong: `a stored item is damaged: ${error.message}`, remedy: START_ANEW }, error);
  }
  if (!(error instanceof Error) || !('code' in error)) return error;
  if ('errcode' in error && typeof error.errcode === 'number') {
    const refusal = SQLITE_REFUSALS.get(error.errcode & 0xff);
    if (refusal === undefined) return error;
    return unavailable(path, act, { ...refusal, wrong: `${refusal.wrong} (${error.message})` }, error);
  }
  if (!('syscall' in error)) return error;
  return unavailable(path, act, { wrong: error.message, remedy: 'check the path and its permissions' }, error);
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? error.message : `${issue.path.join('.')}: ${issue.message}`;
}

function unavailable(
  path: string,
  act: string,
  about: { readonly wrong: string; readonly remedy: string },
  cause?: unknown,
): PlumblineError {
  return new PlumblineError([{ code: 'StateUnavailable', subject: path, act, ...about }], { cause });
}
