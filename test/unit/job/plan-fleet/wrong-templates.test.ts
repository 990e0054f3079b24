// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { problemsWithoutCluster } from '../../../../shared/job/plan-fleet/read-fleet.ts';
import { formatProblem } from '../../../../shared/model/problem.ts';
import { FakeSource } from '../../../fakes/fake-source.ts';
import { ALL, expand, template } from './expanded-templates.ts';
import { application, CLUSTERS, configMap, FleetWorld } from './fleet-world.ts';

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
    assert.match(a.heldBack.problems[0]?.subject ?? '', /^tenants\/a\.yaml:1:10$/);
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
