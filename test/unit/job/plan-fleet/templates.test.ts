// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeSource } from '../../../fakes/fake-source.ts';
import { ALL, expand, template } from './expanded-templates.ts';
import { CLUSTERS, configMap, FleetWorld } from './fleet-world.ts';

describe('what a template makes applications for', () => {
  it('is each folder that matches and holds files, but for what is excluded', async () => {
    const { made, applications, problems } = await expand({
      'plumbline/t.yaml': template(
        'directories: {path: "apps/*", exclude: ["apps/old*"]}',
        '${directory.name}',
        `source: {path: "\${directory.path}"}, ${ALL}`,
      ),
      'apps/web/web.yaml': configMap('web', '1'),
      'apps/db/prod/db.yaml': configMap('db', '1'),
      'apps/old-shop/it.yaml': configMap('old', '1'),
      'apps/.hidden/it.yaml': configMap('hidden', '1'),
      'apps/README.md': '',
    });

    assert.deepEqual(problems, []);
    assert.deepEqual(made, ['db: directory apps/db', 'web: directory apps/web']);
    assert.deepEqual(
      applications.map(({ spec }) => spec.source?.path),
      ['apps/db', 'apps/web'],
    );
  });

  it('is folders at any depth with "**"', async () => {
    const { made } = await expand({
      'plumbline/t.yaml': template('directories: "teams/**/app"', '${file.x}-x', ALL).replace('${file.x}-x', 'only'),
      'teams/a/b/app/it.yaml': '',
    });

    assert.deepEqual(made, []);
    const { made: right } = await expand({
      'plumbline/t.yaml': template(
        'directories: "teams/**/app"',
        'only',
        `source: {path: "\${directory.path}"}, ${ALL}`,
      ),
      'teams/a/b/app/it.yaml': '',
    });
    assert.deepEqual(right, ['only: directory teams/a/b/app']);
  });

  it('is each file, with the values in it at any depth and with their types', async () => {
    const { applications, problems } = await expand({
      'plumbline/t.yaml': template(
        'files: "tenants/*.yaml"',
        'tenant-${file.name}',
        `source: {path: apps/tenant}, ${ALL}, namespace: "t-\${file.team.name}-\${file.size}", suspend: "\${file.paused}", render: {helm: {values: "\${file.values}"}}`,
      ),
      'tenants/acme.yaml': 'team: {name: red}\nsize: 3\npaused: true\nvalues: {replicas: 2, hosts: [a, b]}\n',
      'apps/tenant/it.yaml': '',
    });

    assert.deepEqual(problems, []);
    const [one] = applications;
    assert.equal(one?.metadata.name, 'tenant-acme');
    assert.deepEqual(
      [one?.spec.namespace, one?.spec.suspend, one?.spec.render?.helm?.values],
      ['t-red-3', true, { replicas: 2, hosts: ['a', 'b'] }],
    );
  });

  it('is each map of a list, each cluster, and every combination of them', async () => {
    const { made, applications } = await expand({
      'plumbline/t.yaml': template(
        'clusters: {all: true}, list: [{size: small}, {size: large}]',
        '${item.size}-${cluster.name}',
        'source: {path: "apps/${cluster.labels.stage}"}',
      ),
    });

    assert.deepEqual(made, [
      'small-staging: cluster staging, item {"size":"small"}',
      'large-staging: cluster staging, item {"size":"large"}',
      'small-prod: cluster prod, item {"size":"small"}',
      'large-prod: cluster prod, item {"size":"large"}',
    ]);
    assert.deepEqual(
      applications.map(({ spec }) => [spec.clusters.names, spec.source?.path]),
      [
        [['staging'], 'apps/staging'],
        [['staging'], 'apps/staging'],
        [['prod'], 'apps/prod'],
        [['prod'], 'apps/prod'],
      ],
    );
  });

  it('is clusters that a set found, with their tags and parameters', async () => {
    const world = new FleetWorld();
    world.discover = () => [
      { region: 'eu-west-1', account: '123456789012', version: '1.36', name: 'x', tags: { team: 'red' } },
    ];
    world.source.commit('main', {
      'plumbline/set.yaml': `apiVersion: plumbline.dev/v1
kind: ClusterSet
metadata: {name: found}
spec: {discover: {regions: [eu-west-1], tags: {fleet: shop}}, parameters: {zone: z1}}
`,
      'plumbline/t.yaml': template(
        'clusters: {matchLabels: {team: red}}',
        'agent-${cluster.name}',
        'source: {path: "apps/${cluster.labels.team}"}, namespace: "${cluster.parameters.zone}"',
      ),
      'apps/red/it.yaml': configMap('it', '1'),
    });
    await world.settle();

    const [agent] = (await world.desired('x')).applications;
    assert.deepEqual([agent?.name, agent?.namespace], ['agent-x', 'z1']);
    assert.deepEqual(agent?.madeBy, { template: 'all', item: 'cluster x' });
  });

  it('stands in another repository where that is named, and its branch is watched', async () => {
    const world = new FleetWorld();
    const team = new FakeSource();
    team.commit('next', { 'apps/web/it.yaml': configMap('web', '1') });
    world.others.set('team', team);
    world.source.commit('main', {
      'plumbline/clusters.yaml': CLUSTERS,
      'plumbline/team.yaml':
        'apiVersion: plumbline.dev/v1\nkind: Repository\nmetadata: {name: team}\nspec: {directory: {path: ../team}}\n',
      'plumbline/t.yaml': template(
        'directories: {path: "apps/*", repository: team, revision: next}',
        '${directory.name}',
        `source: {repository: team, revision: next, path: "\${directory.path}"}, ${ALL}`,
      ),
    });
    await world.settle();

    assert.deepEqual(
      (await world.desired('prod')).applications.map(({ name }) => name),
      ['web'],
    );
    const watched = (await world.status())?.watched.map(({ repository, ref }) => `${repository?.metadata.name}@${ref}`);
    assert.deepEqual(watched, ['team@next']);
  });

  it('leaves ${cluster...} to each cluster where clusters are no generator, and takes nothing of an item for an expression', async () => {
    const { applications } = await expand({
      'plumbline/t.yaml': template(
        'files: "t/*.json"',
        '${file.name}',
        `source: {path: "\${file.path}/\${cluster.name}"}, ${ALL}, render: {helm: {values: {a: "\${file.text}", b: "x \${file.text} $\${y}"}}}`,
      ),
      't/a.json': '{"text": "${cluster.name}"}',
    });

    assert.equal(applications[0]?.spec.source?.path, 't/a.json/${cluster.name}');
    assert.deepEqual(applications[0]?.spec.render?.helm?.values, {
      a: '$${cluster.name}',
      b: 'x $${cluster.name} $${y}',
    });
  });
});
