import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../../../architecture/source-files.ts';
import { ClustersWorld, deployment } from './clusters-world.ts';

const CLUSTERS = ['staging', 'prod-eu', 'prod-us'];

/** The example of docs/dependencies.md. */
function example(): string {
  const page = readFileSync(join(ROOT, 'docs', 'dependencies.md'), 'utf8');
  const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  if (yaml === undefined) throw new Error('docs/dependencies.md has no example');
  return yaml;
}

describe('the example of docs/dependencies.md', () => {
  it('brings web into one cluster after the other, and everywhere after db', async () => {
    const world = new ClustersWorld();
    await world.commit({
      'plumbline/fleet.yaml': example(),
      'apps/db/db.yaml': deployment('db', 'db:1'),
      'apps/web/web.yaml': deployment('web', 'web:1'),
    });
    await world.work();
    const waits = (await Promise.all(CLUSTERS.map((cluster) => world.status(cluster, 'web')))).map(
      (status) => status?.waitingFor ?? '',
    );
    const order: string[][] = [];

    for (const cluster of CLUSTERS) {
      await world.setReady(cluster, 'db', true);
      await world.sweep(60_000);
    }
    for (const cluster of CLUSTERS) {
      const there = await Promise.all(CLUSTERS.map((name) => world.read(name, 'Deployment', 'web')));
      order.push(CLUSTERS.filter((_, index) => there[index] !== undefined));
      await world.setReady(cluster, 'web', true);
      await world.sweep(60_000);
    }

    assert.match(waits[0] ?? '', /^waits for application db \(/);
    assert.match(waits[1] ?? '', /^waits for application web in staging \(waits for application db/);
    assert.deepEqual(order, [['staging'], ['staging', 'prod-eu'], CLUSTERS]);
    assert.equal((await world.status('prod-us', 'web'))?.health, 'healthy');
  });
});
