// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { problemsWithoutCluster, readFleet } from '../../../../shared/job/plan-fleet/read-fleet.ts';
import type { ApplicationDeclaration, FleetDeclarations } from '../../../../shared/model/declarations.ts';
import { formatProblem } from '../../../../shared/model/problem.ts';
import { FakeSource } from '../../../fakes/fake-source.ts';
import { application, CLUSTERS, configMap, FleetWorld } from './fleet-world.ts';

/** A template whose `forEach` and spec are flow YAML without braces; `forEach` stands on line 5, the name on 7, the spec on 8. */
function template(forEach: string, name: string, spec: string): string {
  return `apiVersion: plumbline.dev/v1
kind: ApplicationTemplate
metadata: {name: all}
spec:
  forEach: {${forEach}}
  template:
    metadata: {name: "${name}"}
    spec: {${spec}}
`;
}

interface Expanded {
  readonly declarations: FleetDeclarations;
  readonly applications: readonly ApplicationDeclaration[];
  /** `name: item` */
  readonly made: readonly string[];
  readonly problems: readonly string[];
  /** What is wrong with single applications. */
  readonly broken: readonly string[];
}

async function expand(
  files: Readonly<Record<string, string>>,
  others: Readonly<Record<string, FakeSource>> = {},
): Promise<Expanded> {
  const world = new FleetWorld();
  for (const [name, source] of Object.entries(others)) world.others.set(name, source);
  world.source.commit('main', { 'plumbline/clusters.yaml': CLUSTERS, ...files });
  const { declarations, problems } = await readFleet(world.deps, await world.source.resolve('main'), 'plumbline');
  return {
    declarations,
    applications: declarations.applications.map(({ declaration }) => declaration),
    made: declarations.applications.flatMap(({ declaration, madeBy }) =>
      madeBy === undefined ? [] : [`${declaration.metadata.name}: ${madeBy.item}`],
    ),
    problems: problems.map(formatProblem),
    broken: [...new Set((declarations.broken ?? []).flatMap((one) => one.problems))].map(formatProblem),
  };
}

const ALL = 'clusters: {all: true}';

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

describe('a template that cannot say what there is', () => {
  for (const [what, files, says] of [
    [
      'a folder pattern that matches nothing',
      { 'plumbline/t.yaml': template('directories: "gone/*"', '${directory.name}', ALL) },
      'plumbline/t.yaml:5:26: read declarations: ApplicationTemplate "all": spec.forEach.directories: no folder matches "gone/*"; correct it, or write "allowEmpty: true" where nothing is meant',
    ],
    [
      'a file pattern that matches nothing',
      {
        'plumbline/t.yaml': template('files: {path: "t/*.yaml", exclude: ["t/a*"]}', '${file.name}', ALL),
        't/a.yaml': 'a: 1',
      },
      'plumbline/t.yaml:5:20: read declarations: ApplicationTemplate "all": spec.forEach.files: no file matches "t/*.yaml" without "t/a*"; correct it, or write "allowEmpty: true" where nothing is meant',
    ],
    [
      'an empty list',
      { 'plumbline/t.yaml': template('list: []', '${item.a}', ALL) },
      'plumbline/t.yaml:5:19: read declarations: ApplicationTemplate "all": spec.forEach.list: the list is empty; correct it, or write "allowEmpty: true" where nothing is meant',
    ],
    [
      'a repository that nobody declares',
      { 'plumbline/t.yaml': template('directories: {path: "a/*", repository: teem}', '${directory.name}', ALL) },
      'plumbline/t.yaml:5:52: read declarations: ApplicationTemplate "all": spec.forEach.directories.repository: no repository "teem" is declared; declare it: there is no repository yet',
    ],
    [
      'no generator',
      { 'plumbline/t.yaml': template('allowEmpty: true', 'a', ALL) },
      'plumbline/t.yaml:5:12: read declarations: ApplicationTemplate "all": spec.forEach: expected at least one of "clusters", "directories", "files", "list", found a map with "allowEmpty"; say what there is to be one application for',
    ],
    [
      'a mistyped field of a generator',
      { 'plumbline/t.yaml': template('directories: {path: "a/*", repo: x}', 'a', ALL) },
      'plumbline/t.yaml:5:40: read declarations: ApplicationTemplate "all": spec.forEach.directories.repo: unknown field; use one of "path", "repository", "revision", "exclude"',
    ],
    [
      'a path that leaves the repository',
      { 'plumbline/t.yaml': template('directories: "../a/*"', 'a', ALL) },
      'plumbline/t.yaml:5:26: read declarations: ApplicationTemplate "all": spec.forEach.directories: expected a path from the root of the repository, without "." and "..", found "../a/*"; correct the value',
    ],
    [
      'a name with an expression that nobody knows, told once for all items',
      { 'plumbline/t.yaml': template('list: [{a: x}, {a: v}]', '${item.b}', ALL) },
      'plumbline/t.yaml:7:22: read declarations: ApplicationTemplate "all": spec.template.metadata.name: ${item.b} is unknown, for item {"a":"x"}; item {"a":"v"}; did you mean ${item.a}? known are ${item.a}; a plain "${" is written "$${"',
    ],
    [
      'a name that is none',
      { 'plumbline/t.yaml': template('directories: "apps/*"', '${directory.name}', ALL), 'apps/My_App/a': '' },
      'plumbline/t.yaml:7:22: read declarations: ApplicationTemplate "all": spec.template.metadata.name: expected at most 63 lower-case letters, digits and "-", found "My_App", for directory apps/My_App; let the name be made of what is different for each item',
    ],
    [
      'two items of one name',
      { 'plumbline/t.yaml': template('clusters: {all: true}, list: [{a: x}]', '${item.a}', 'source: {path: a}') },
      'plumbline/t.yaml:7:22: read declarations: ApplicationTemplate "all": spec.template.metadata.name: "x", for cluster prod, item {"a":"x"}, is the name of plumbline/t.yaml:7:22 for cluster staging, item {"a":"x"} too; let the name be made of what is different for each item, or rename the other one',
    ],
    [
      'an item with the name of a written application',
      {
        'plumbline/t.yaml': template('list: [{a: web}]', '${item.a}', `source: {path: a}, ${ALL}`),
        'plumbline/web.yaml': application('web'),
      },
      'plumbline/t.yaml:7:22: read declarations: ApplicationTemplate "all": spec.template.metadata.name: "web", for item {"a":"web"}, is the name of plumbline/web.yaml:3:18 too; let the name be made of what is different for each item, or rename the other one',
    ],
    [
      'a selector beside clusters as a generator',
      { 'plumbline/t.yaml': template('clusters: {all: true}', '${cluster.name}', `source: {path: a}, ${ALL}`) },
      'plumbline/t.yaml:8:31: read declarations: ApplicationTemplate "all": spec.template.spec.clusters: "forEach.clusters" says already where each application goes; remove one of the two',
    ],
    [
      'a file without which the name is not known',
      { 'plumbline/t.yaml': template('files: "t/*.yaml"', '${file.team}', ALL), 't/a.yaml': 'a: b: c' },
      't/a.yaml:1:5: read YAML: nested mappings are not allowed in compact mappings; correct the YAML there',
    ],
  ] as const) {
    it(`is refused, with file and line: ${what}`, async () => {
      const { problems } = await expand(files);

      if (what.startsWith('a file without')) assert.match(problems.join('\n'), /^t\/a\.yaml:1:\d+: read YAML: /);
      else assert.deepEqual(problems, [says]);
    });
  }

  it('is refused where a repository cannot be read', async () => {
    const { problems } = await expand(
      {
        'plumbline/team.yaml':
          'apiVersion: plumbline.dev/v1\nkind: Repository\nmetadata: {name: team}\nspec: {directory: {path: x}}\n',
        'plumbline/t.yaml': template('directories: {path: "a/*", repository: team}', '${directory.name}', ALL),
      },
      { team: new FakeSource() },
    );

    assert.equal(problems.length, 1);
    assert.match(
      problems[0] ?? '',
      /^plumbline\/t\.yaml:5:52: .*ApplicationTemplate "all": spec\.forEach\.directories\.repository: .*HEAD/,
    );
  });

  it('makes nothing where that is meant, and where no cluster is selected', async () => {
    const empty = await expand({
      'plumbline/t.yaml': template('directories: "gone/*", allowEmpty: true', '${directory.name}', ALL),
    });
    const none = await expand({
      'plumbline/t.yaml': template('clusters: {matchLabels: {stage: dev}}', '${cluster.name}', 'source: {path: a}'),
    });

    assert.deepEqual([empty.problems, empty.made, none.problems, none.made], [[], [], [], []]);
  });
});

describe('an item with a mistake of its own', () => {
  const tenants = (spec: string) =>
    template('files: "tenants/*.yaml"', '${file.name}', `source: {path: "apps/\${file.name}"}, ${spec}`);

  it('is broken alone, at the line of the template, with the items that have it', async () => {
    const { problems, broken, made } = await expand({
      'plumbline/t.yaml': tenants(`${ALL}, namespace: "\${file.ns}"`),
      'tenants/a.yaml': 'ns: good',
      'tenants/b.yaml': 'ns: Bad_One',
      'tenants/c.yaml': 'ns: Bad_One',
      'tenants/d.yaml': 'team: x',
    });

    assert.deepEqual(problems, []);
    assert.deepEqual(made, ['a: file tenants/a.yaml']);
    assert.deepEqual(
      broken,
      [
        'plumbline/t.yaml:8:83: read declarations: ApplicationTemplate "all": spec.template.spec.namespace: ${file.ns} is unknown, for file tenants/d.yaml; known are ${file.team}, ${file.path}, ${file.name}, ${cluster.*}; a plain "${" is written "$${"',
        'plumbline/t.yaml:8:83: read declarations: ApplicationTemplate "all": spec.template.spec.namespace: expected at most 63 lower-case letters, digits and "-", found "Bad_One", for file tenants/b.yaml; file tenants/c.yaml; correct the value',
      ].toReversed(),
    );
  });

  it('keeps its name where its file does not parse, and so stays as it was', async () => {
    const world = new FleetWorld();
    world.source.commit('main', {
      'plumbline/clusters.yaml': CLUSTERS,
      'plumbline/t.yaml': tenants(`clusters: {names: ["\${file.cluster}"]}`),
      'tenants/a.yaml': 'cluster: prod',
      'tenants/b.yaml': 'cluster: prod',
      'apps/a/it.yaml': configMap('a', '1'),
      'apps/b/it.yaml': configMap('b', '1'),
    });
    await world.settle();
    world.source.commit('main', { 'tenants/a.yaml': 'cluster: [prod' });
    await world.settle();

    const { applications } = await world.desired('prod');
    const [a] = applications;
    assert.equal(a?.name, 'a');
    assert.ok(a?.heldBack?.reason === 'failed');
    assert.match(a.heldBack.problems[0]?.subject ?? '', /^tenants\/a\.yaml:2:1$/);
  });

  it('cannot mean its file by a name that a field of the file has too', async () => {
    const { broken } = await expand({
      'plumbline/t.yaml': template('files: "t/*.yaml"', 'x-${file.team}', `source: {path: "\${file.name}"}, ${ALL}`),
      't/a.yaml': 'team: red\nname: other',
    });

    assert.match(
      broken[0] ?? '',
      /\$\{file\.name\} could mean two things: "a", or the field "name" of the file, "other"/,
    );
  });

  it('is told in the fleet where it goes to no cluster', async () => {
    const { declarations } = await expand({
      'plumbline/t.yaml': tenants('clusters: {names: [prod]}, colour: red').replace(
        'names: [prod]',
        'matchLabels: {stage: dev}',
      ),
      'tenants/a.yaml': 'a: 1',
    });

    assert.match(
      problemsWithoutCluster(declarations).map(formatProblem).join(),
      /spec\.template\.spec\.colour: unknown field/,
    );
  });

  it('is found wrong by what it depends on, too', async () => {
    const { broken } = await expand({
      'plumbline/t.yaml': tenants(`${ALL}, dependsOn: ["\${file.needs}"]`),
      'tenants/a.yaml': 'needs: b',
      'tenants/b.yaml': 'needs: gone',
    });

    assert.equal(broken.length, 1);
    assert.match(
      broken[0] ?? '',
      /^plumbline\/t\.yaml:8:.*no application "gone" is declared, for file tenants\/b\.yaml; /,
    );
  });
});
