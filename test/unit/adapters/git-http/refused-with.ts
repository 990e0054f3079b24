import assert from 'node:assert/strict';
import { PlumblineError } from '../../../../shared/errors.ts';
import type { ErrorCode } from '../../../../shared/model/problem.ts';

/** For `assert.rejects`: an error of ours with this code whose message fits. */
export function refusedWith(code: ErrorCode, pattern: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof PlumblineError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, pattern);
    return true;
  };
}
