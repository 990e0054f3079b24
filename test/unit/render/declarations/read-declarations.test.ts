// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { application, assertFault, assertFaultText, CLUSTERS, problemsOf } from './faults.ts';
import { readWhole } from './read-whole.ts';

describe('readDeclarations', () => {
  it('reads declarations of all kinds with their defaults and where they stand', () => {
    const repository =
      'apiVersion: plumbline.dev/v1\nkind: Repository\nmetadata: {name: charts}\nspec: {directory: {path: ../charts}}\n';
    const files = [
      { path: 'plumbline/clusters.yaml', text: CLUSTERS },
      {
        path: 'plumbline/apps/web.yaml',
        text: `# apps\n---\n${application('web', '  dependsOn: [db]\n')}---\n${application('db')}`,
      },
      {
        path: 'plumbline/repositories.json',
        text: JSON.stringify({
          apiVersion: 'plumbline.dev/v1',
          kind: 'Repository',
          metadata: { name: 'fleet' },
          spec: { git: { url: 'x' } },
        }),
      },
      { path: 'plumbline/charts.yml', text: repository },
      { path: 'plumbline/README.md', text: 'not: [yaml' },
    ];

    const { declarations, problems } = readWhole(files);

    assert.deepEqual(problems, []);
    assert.deepEqual(
      declarations.applications.map(({ declaration, location }) => [declaration.metadata.name, location]),
      [
        ['web', { path: 'plumbline/apps/web.yaml', line: 3, column: 1 }],
        ['db', { path: 'plumbline/apps/web.yaml', line: 11, column: 1 }],
      ],
    );
    assert.equal(declarations.applications[0]?.declaration.spec.sync.pruneLimit, '50%');
    assert.deepEqual(
      declarations.clusters.map(({ declaration }) => declaration.metadata.name),
      ['staging', 'prod-eu'],
    );
    assert.equal(declarations.repositories.length, 2);
  });

  it('refuses a folder without declarations: it must not read as an empty fleet', () => {
    assert.deepEqual(problemsOf({ 'plumbline/README.md': '' }), [
      'plumbline/: read declarations: the folder holds no declarations; commit them there ("plumbline init" writes a first set), or name another folder',
    ]);
  });

  it('names line and column of an unknown field and what was probably meant', () => {
    assertFault('  dependson: [db]\n', '7:3', /dependson: unknown field; did you mean "dependsOn"\?/);
    assertFault('  sync:\n    prunes: true\n', '8:5', /sync\.prunes: unknown field; did you mean "prune"\?/);
    assertFault(
      '  ignore:\n    - {fields: [/a], nmae: x}\n',
      '8:22',
      /ignore\[0\]\.nmae: unknown field; did you mean "name"/,
    );
    assertFault('  colour: red\n', '7:3', /colour: unknown field; use one of "source", "sources", "render"/);
  });

  it('says which type was expected and what was found', () => {
    assertFault('  suspend: "yes"\n', '7:12', /suspend: expected true or false, found "yes"; write true or false/);
    assertFault('  namespace: 8080\n', '7:14', /namespace: expected a text, found the number 8080; quote it: "8080"/);
    assertFault('  dependsOn: db\n', '7:14', /dependsOn: expected a list, found "db"; write a list: \["db"\]/);
    assertFault('  sync:\n', '7:3', /sync: expected a map of fields, found nothing; fill it in or remove the field/);
    assertFault(
      '  sync: {drift: heel}\n',
      '7:17',
      /one of "heal", "report", "ignore", found "heel"; did you mean "heal"/,
    );
    assertFault('  sync: {pruneLimit: "200%"}\n', '7:22', /expected a percentage, "0%" to "100%", found "200%"/);
    assertFault('  sync: {timeout: 10 minutes}\n', '7:19', /expected a duration such as .*, found "10 minutes"/);
    assertFault('  namespace: Web_1\n', '7:14', /lower-case letters, digits and "-", found "Web_1"/);
  });

  it('names a missing field at the map that lacks it', () => {
    const problems = problemsOf({
      'plumbline/a.yaml':
        'apiVersion: plumbline.dev/v1\nkind: Application\nmetadata: {}\nspec:\n  source: {}\n  clusters: {}\n',
    });

    assert.deepEqual(problems, [
      'plumbline/a.yaml:3:11: read declarations: Application: metadata: the field "name" is missing; add "name: ..."',
      'plumbline/a.yaml:5:11: read declarations: Application: spec.source: expected exactly one of "path", "chart", found an empty map; give one of "path", "chart" and no other of them',
    ]);
  });

  it('wants one renderer at most, one place of a repository, one way to a cluster', () => {
    assertFault('  render: {helm: {}, kustomize: {}}\n', '7:11', /one of "directory", "kustomize", "helm" at most/);
    const head = 'apiVersion: plumbline.dev/v1\nmetadata: {name: x}\n';
    assert.match(
      problemsOf({ 'plumbline/a.yaml': `${head}kind: Cluster\nspec: {suspend: true}\n` }).join(),
      /a\.yaml:4:7: .*exactly one of "kubeconfig", "eks"/,
    );
    assert.match(
      problemsOf({
        'plumbline/a.yaml': `${head}kind: Repository\nspec: {git: {url: x}, directory: {path: y}}\n`,
      }).join(),
      /a\.yaml:4:7: .*exactly one of "directory", "codecommit", "git"/,
    );
  });

  it('refuses documents that are no declarations of ours', () => {
    const of = (text: string): string => problemsOf({ 'plumbline/a.yaml': text }).join('\n');

    assert.match(
      of('apiVersion: plumbline.dev/v1\nkind: Aplication\n'),
      /:2:7: .*kind "Aplication"; did you mean "Application"/,
    );
    assert.match(
      of('apiVersion: plumbline.dev/v2\nkind: Cluster\n'),
      /:1:13: .*write "apiVersion: plumbline\.dev\/v1"/,
    );
    assert.match(
      of('apiVersion: v1\nkind: ConfigMap\n'),
      /:1:13: .*manifests belong into the folder of an application/,
    );
    assert.match(of('kind: Cluster\n'), /:1:1: .*the field "apiVersion" is missing/);
    assert.match(of('apiVersion: plumbline.dev/v1\n'), /:1:1: .*the field "kind" is missing/);
    assert.match(of('- 1\n'), /:1:1: .*expected a declaration, a map of fields/);
  });

  it('reports all problems of all files at once, in the order of files and lines, with the document where there are several', () => {
    const problems = problemsOf({
      'plumbline/a.yaml': `${application('a', '  suspend: 1\n  colour: red\n')}---\n${application('b', '  suspend: 1\n')}`,
      'plumbline/b.yaml': 'a: b: c\n---\nkind: x\n',
      'plumbline/clusters.yaml': CLUSTERS,
    });

    assert.deepEqual(
      problems.map((problem) => problem.split(': read ')[0]),
      [
        'plumbline/a.yaml:7:12 (document 1)',
        'plumbline/a.yaml:8:3 (document 1)',
        'plumbline/a.yaml:16:12 (document 2)',
        'plumbline/b.yaml:1:5',
        'plumbline/b.yaml:3:1 (document 2)',
      ],
    );
  });

  it('refuses a field that stands twice', () => {
    assertFaultText(
      application('web', '  suspend: true\n  suspend: false\n'),
      /^plumbline\/a\.yaml:8: .*"suspend" stands twice/,
    );
  });
});
