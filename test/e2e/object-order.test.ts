import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { configMap, deployment } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

describe('objects that depend on objects', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  after(async () => {
    await fleet.want({});
    await fleet.settle();
    await fleet.close();
  });

  const named = (name: string) => ({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name });
  const needing = (name: string, ...needed: readonly string[]) =>
    configMap(name, 'x').replace(
      `{name: ${name}}`,
      `{name: ${name}, annotations: {plumbline.dev/depends-on: "${needed.join(',')}"}}`,
    );
  const exists = async (name: string) => (await fleet.read(named(name))) !== undefined;

  it('wait until it is healthy, in another application too', async () => {
    const server = `Deployment.apps/${fleet.namespace}/server`;
    await fleet.want({
      caller: { objects: needing('caller', server) },
      server: { objects: deployment('server', 1) },
    });

    await fleet.run();
    const early = await exists('caller');
    const waiting = (await fleet.applications()).caller?.waitingFor;
    await fleet.settle();

    assert.equal(early, false);
    assert.match(waiting ?? '', new RegExp(`^waits for ${server}`));
    assert.equal(await exists('caller'), true);
    assert.equal((await fleet.applications()).caller?.sync, 'synced');
  });

  it('are applied in one run where nothing has to get healthy first', async () => {
    const to = (name: string) => `ConfigMap/${fleet.namespace}/${name}`;
    await fleet.want({ chain: { objects: needing('a', to('b')) + needing('b', to('c')) + configMap('c', 'x') } });

    await fleet.run();

    assert.equal((await fleet.applications()).chain?.sync, 'synced');
  });

  it('wait for what nobody declares, and say so', async () => {
    await fleet.want({ lonely: { objects: needing('lonely', `ConfigMap/${fleet.namespace}/elsewhere`) } });

    await fleet.run();
    const waiting = (await fleet.applications()).lonely?.waitingFor;
    await fleet.apply(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'elsewhere', namespace: fleet.namespace } },
      'others',
    );
    await fleet.run();

    assert.match(waiting ?? '', /elsewhere, which is not in the cluster and which no application here declares$/);
    assert.equal(await exists('lonely'), true);
  });

  it('are refused where they would wait for themselves, while others go on', async () => {
    const to = (name: string) => `ConfigMap/${fleet.namespace}/${name}`;
    await fleet.want({
      one: { objects: needing('egg', to('hen')) + configMap('bystander', 'x') },
      two: { objects: needing('hen', to('egg')) },
    });

    await fleet.run();

    const [problem] = (await fleet.applications()).two?.problems ?? [];
    assert.equal(problem?.code, 'DependencyCycle');
    assert.match(problem.wrong, /egg → .*hen → .*egg|hen → .*egg → .*hen/);
    assert.equal(await exists('bystander'), true);
    assert.equal(await exists('egg'), false);
  });

  it('the examples of the page on order do what it says', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/order.md'), 'utf8');
    const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => `---\n${text}`);
    const objects = examples.join('').replaceAll('ConfigMap/shop/', `ConfigMap/${fleet.namespace}/`);
    await fleet.want({ page: { objects: objects + configMap('server', 'x') } });

    await fleet.run();
    const early = await exists('client');
    await fleet.settle();

    assert.equal(examples.length, 2);
    assert.equal(early, false);
    assert.equal(await exists('client'), true);
    assert.equal((await fleet.applications()).page?.sync, 'synced');
  });
});
