import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobEvent } from '../../../shared/job/ports.ts';
import { formatProgress, type ProgressEvent } from '../../../shared/report/progress-line.ts';

test('prints whatever the jobs notify', () => {
  const event: JobEvent = { event: 'rendered', application: 'web', durationMs: 340 };
  const printed: ProgressEvent = event;

  assert.equal(formatProgress(printed, { color: false, nowMs: 0 }), '00:00:00Z  ✓ rendered web in 340 ms\n');
});
