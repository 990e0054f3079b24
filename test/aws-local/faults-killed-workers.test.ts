/** Workers killed anywhere: whoever comes next goes on, and nothing is written twice. */
import { after, before, describe, it } from 'node:test';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { type FaultStack, startFaultStack } from './faults/fault-stack.ts';
import { killAtPoints } from './faults/kill-at-points.ts';

describe('a killed worker', { skip: pythonIsMissing }, () => {
  let stack: FaultStack;

  before(async () => {
    stack = await startFaultStack(['one', 'two']);
  });
  after(() => stack?.stop());

  it('is followed by another, at 50 points of its run', async (t) => {
    await killAtPoints(stack, { functions: ['reconcile-cluster'], points: 50, say: (line) => t.diagnostic(line) });
  });
});
