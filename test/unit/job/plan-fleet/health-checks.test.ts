import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemsWithoutCluster, readFleet } from '../../../../shared/job/plan-fleet/read-fleet.ts';
import { formatProblem } from '../../../../shared/model/problem.ts';
import { FleetWorld } from './fleet-world.ts';

async function problemsOf(checks: string): Promise<readonly string[]> {
  const { deps, source } = new FleetWorld();
  const text = `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: web}
spec:
  source: {path: apps/web}
  clusters: {all: true}
  healthChecks:
${checks}`;
  source.commit('main', { 'plumbline/a.yaml': text });
  const { problems, declarations } = await readFleet(deps, await source.resolve('main'), 'plumbline');
  assert.deepEqual(problems, [], 'the others go on');
  return problemsWithoutCluster(declarations).map(formatProblem);
}

test('an expression that does not compile is told with file, line and its own position', async () => {
  const problems = await problemsOf(`    - {kind: Shop, group: shop.example, healthy: "true"}
    - kind: Shop
      healthy: status.phase == 'Open'
      degraded: >-
        status.phase ==
`);

  assert.deepEqual(problems, [
    'plumbline/a.yaml:11:17: read declarations: Application "web": spec.healthChecks[1].degraded: found = but expecting end of input, at line 1, column 14 of the expression; correct the CEL expression (docs/health.md)',
  ]);
});

test('an expression with a function that CEL does not have is told', async () => {
  const [problem = ''] = await problemsOf(`    - {kind: Shop, healthy: "status.phase.split('x')[0] == 'a'"}\n`);

  assert.match(problem, /^plumbline\/a\.yaml:8:\d+: .*no function is called split, at line 1, column 13/);
});

test('expressions that compile, and those that a cluster fills in, are no problem', async () => {
  assert.deepEqual(
    await problemsOf(`    - {kind: Shop, healthy: "status.phase == 'Open'"}
    - {kind: Mall, healthy: "status.zone == '\${cluster.labels.zone}'"}
`),
    [],
  );
});

test('an unknown field of a health check is told', async () => {
  const [problem = ''] = await problemsOf(`    - {kind: Shop, healthy: "true", current: "true"}\n`);

  assert.match(problem, /current/);
});
