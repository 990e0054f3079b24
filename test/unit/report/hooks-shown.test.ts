import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../../shared/model/outcome.ts';
import type { RunSummary } from '../../../shared/model/status.ts';
import { formatRun } from '../../../shared/report/outcome-text.ts';
import { printHtml } from '../../../shared/report/pages/html.ts';
import { objectTree } from '../../../shared/report/pages/object-tree.ts';
import { groupPlan } from '../../../shared/report/planned-objects.ts';
import { configMap } from '../plan/samples.ts';

const ref = (name: string) => ({ group: 'batch', kind: 'Job', namespace: 'web', name });
const hook: Outcome = { ref: ref('migrate'), application: 'web', wave: 3, hook: 'pre-sync', result: 'created' };
const late: Outcome = { ref: ref('announce'), application: 'web', wave: -3, hook: 'post-sync', result: 'unchanged' };
const plain: Outcome = { ref: ref('plain'), application: 'web', wave: 0, result: 'unchanged' };
const run: RunSummary = {
  ...{ run: 'r', cluster: 'one', startedAtMs: 0, durationMs: 1, cause: 'commit', requests: 1, stagesMs: {} },
  ...{ problems: [], drift: [] },
  counts: { created: 1, configured: 0, unchanged: 2, pruned: 0, skipped: 0, failed: 0 },
};

test('a run says which of its objects were hooks', () => {
  const text = formatRun(run, [{ outcome: hook }, { outcome: plain }], { color: false, full: true });

  assert.match(text, /Job\.batch\/web\/migrate +pre-sync hook, created/);
  assert.match(text, /Job\.batch\/web\/plain +unchanged/);
});

test('the page shows the phases of an application in their order, whatever the waves within', () => {
  const page = printHtml(objectTree([{ outcome: late }, { outcome: plain }, { outcome: hook }]));

  const titles = [...page.matchAll(/<h3>([^<]*?) *</g)].map(([, title]) => title);
  assert.deepEqual(titles, ['Hooks of pre-sync, wave 3', 'Wave 0', 'Hooks of post-sync, wave -3']);
});

test('a plan says that an object will be run as a hook', () => {
  const preview = { cluster: 'one', changes: [], merged: new Map(), refusals: [], requests: 0, durationMs: 0 };
  const desired = configMap('migrate');
  const change = { op: 'create', ref: ref('migrate'), application: 'web', wave: 0, desired, digest: 'd' } as const;

  const [group] = groupPlan([{ ...preview, changes: [{ ...change, hook: 'pre-sync' }] }]);

  assert.equal(group?.object.hook, 'pre-sync');
});
