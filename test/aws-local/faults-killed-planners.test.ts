/** Planners, and all that stands between a push and a worker, killed anywhere: whoever comes next goes on. */
import { after, before, describe, it } from 'node:test';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { type FaultStack, startFaultStack } from './faults/fault-stack.ts';
import { killAtPoints } from './faults/kill-at-points.ts';

describe('a killed planner', { skip: pythonIsMissing }, () => {
  let stack: FaultStack;

  before(async () => {
    stack = await startFaultStack(['one']);
  });
  after(() => stack?.stop());

  it('is followed by another, as are a renderer and a trigger, at 50 points of their runs', async (t) => {
    const functions = ['plan-fleet', 'render-input', 'on-repository-change'];
    await killAtPoints(stack, { functions, points: 50, say: (line) => t.diagnostic(line) });
  });
});
