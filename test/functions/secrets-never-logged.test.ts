import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { METRICS } from '../../shared/config/names.ts';
import { formsOfPlanted } from './planted-secrets.ts';

const CHILD = join(import.meta.dirname, 'worker-child.ts');

function runWorker(variables: Readonly<Record<string, string>> = {}) {
  const env = { PLUMBLINE_FLEET: 'acme', PLUMBLINE_CHECK_MINUTES: '5', ...variables };
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHILD], { encoding: 'utf8', env });
  assert.equal(status, 0, stderr);
  const printed = `${stdout}${stderr}`;
  const lines = printed.trim().split('\n');
  return { printed, lines: lines.map((line) => JSON.parse(line)) };
}

test('prints no secret in any form: logs, metrics and events of whole runs, refusals and rejected messages', () => {
  const { printed, lines } = runWorker({ POWERTOOLS_LOG_LEVEL: 'TRACE' });

  assert.ok(lines.length >= 4, 'two runs, their events, and a rejected message');
  assert.match(printed, /"code":"\w+","subject":"Secret\/web\/refused"/, 'what was refused is told of');
  for (const form of formsOfPlanted()) assert.ok(!printed.includes(form), form);
});

test('carries one trace in every line, and its metrics are known ones with two dimensions', () => {
  const { lines } = runWorker({ POWERTOOLS_LOG_LEVEL: 'ERROR' });

  const runs = lines.filter(({ message }) => message === 'run');
  assert.equal(runs.length, 2, 'no log level leaves out what is measured');
  for (const line of runs) {
    assert.equal(line.correlation_id, 'push-1');
    const [{ Namespace, Dimensions, Metrics }] = line._aws.CloudWatchMetrics;
    assert.deepEqual([Namespace, Dimensions], ['Plumbline', [['Fleet', 'Network']]]);
    assert.deepEqual([line.Fleet, line.Network, line.cluster], ['acme', '-', 'prod']);
    for (const { Name, Unit } of Metrics) {
      assert.equal(Object.entries(METRICS).find(([name]) => name === Name)?.[1], Unit, Name);
      assert.equal(typeof line[Name], 'number', Name);
    }
  }
});
