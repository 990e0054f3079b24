import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '../../../../shared/model/problem.ts';
import type { ClusterItem } from '../../../../shared/model/status.ts';
import { NEW_WORK_ITEM } from '../../../../shared/model/work-item.ts';
import { clusterPage } from '../../../../shared/report/pages/cluster-page.ts';
import { html } from '../../../../shared/report/pages/html.ts';
import type { Press } from '../../../../shared/report/pages/press.ts';
import { textOf } from './text-of.ts';

const REVISION = '4f9c2e1'.padEnd(40, '0');

function itemOf(problems: readonly Problem[]): ClusterItem {
  const status = { cluster: 'prod', labels: {}, suspend: false, sync: 'synced', health: 'healthy' } as const;
  const commit = { revision: REVISION, subject: 's', author: 'Ana', committedAtMs: 0 };
  return {
    cluster: 'prod',
    work: NEW_WORK_ITEM,
    desired: { blob: 'desired/a', ticket: 1, commit },
    status: { ...status, failures: 0, problems },
  };
}

/** Returns what can be pressed on the page, and its text. */
function pressesOf(item: ClusterItem, isWidget = true) {
  const presses: (readonly [string, Press])[] = [];
  const buttonFor = (press: Press, label: string) => {
    presses.push([label, press]);
    return html`[${label}]`;
  };
  const view = { row: { item, state: 'synced', applications: [] }, runs: [], commits: new Map(), nowMs: 0 } as const;
  const page = clusterPage({ ...view, ...(isWidget && { buttonFor }) });
  return { presses: presses.filter(([, { act }]) => act === 'approve'), text: textOf(page.main) };
}

const refused: Problem = {
  ...{ code: 'GuardRefused', subject: 'prod', act: 'plan', wrong: '3 of its 4 applications would be removed' },
  remedy: 'see whether labels changed',
  refusal: { digest: 'abc123abc123' },
};

test('offers to approve one refusal, or its commit in all clusters', () => {
  const { presses, text } = pressesOf(itemOf([refused]));

  assert.deepEqual(presses, [
    ['Approve these deletions', { act: 'approve', cluster: 'prod', refusal: 'abc123abc123' }],
    ['Approve this commit everywhere', { act: 'approve', revision: REVISION }],
  ]);
  assert.match(text, /\[Approve these deletions\]\s*\[Approve this commit everywhere\]/);
});

test('names the application whose deletions are refused, and no commit where none is known', () => {
  const { desired: _desired, ...item } = itemOf([
    { ...refused, refusal: { digest: 'abc123abc123', application: 'web' } },
  ]);

  const { presses } = pressesOf(item);

  assert.deepEqual(presses, [
    ['Approve these deletions', { act: 'approve', cluster: 'prod', refusal: 'abc123abc123', application: 'web' }],
  ]);
});

test('offers nothing to approve for other problems, or where nobody may press', () => {
  const { refusal: _refusal, ...other } = refused;

  assert.deepEqual(pressesOf(itemOf([other])).presses, []);
  assert.doesNotMatch(pressesOf(itemOf([refused]), false).text, /Approve/);
});
