import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlumblineError } from '../../../../shared/errors.ts';
import { unlessCutOff } from '../../../../shared/job/reconcile/cut-off.ts';
import type { ErrorCode } from '../../../../shared/model/problem.ts';

describe('a cluster that stops answering', () => {
  it('is not asked again by the same run', async () => {
    const run: { cutOff?: PlumblineError } = {};
    const fault = faultOf('Throttled');
    let asked = 0;
    const ask = async () => {
      asked += 1;
      throw fault;
    };

    const answers = [await unlessCutOff(run, 'left', ask), await unlessCutOff(run, 'left', ask)];

    assert.deepEqual(answers, ['left', 'left']);
    assert.deepEqual([asked, run.cutOff], [1, fault]);
  });

  it('is told from our own state that does not answer, from a lost lease and from a bug', async () => {
    for (const error of [faultOf('Throttled', true), faultOf('LeaseHeld'), faultOf('DeadlineNear'), new TypeError()]) {
      const run: { cutOff?: PlumblineError } = {};

      await assert.rejects(
        unlessCutOff(run, 'left', async () => {
          throw error;
        }),
        error,
      );

      assert.equal(run.cutOff, undefined);
    }
  });
});

function faultOf(code: ErrorCode, isOwn = false): PlumblineError {
  return new PlumblineError([{ code, subject: 'prod', act: 'apply', wrong: 'no answer', remedy: '' }], { isOwn });
}
