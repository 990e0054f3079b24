// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatProblem } from '../../../../shared/model/problem.ts';
import { readDeclarations } from '../../../../shared/render/declarations/read-declarations.ts';

const CLUSTERS = `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: staging, labels: {stage: staging}}
spec: {kubeconfig: {context: stg}, parameters: {memory: 1Gi}}
---
apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: prod-eu, labels: {stage: prod}}
spec: {eks: {name: prod, region: eu-west-1}}
`;

/** An Application whose spec has a source, all clusters and `lines`, which begin on line 7. */
function application(name: string, lines = ''): string {
  return `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: ${name}}
spec:
  source: {path: apps/${name}}
  clusters: {all: true}
${lines}`;
}

function problemsOf(files: Readonly<Record<string, string>>): readonly string[] {
  const read = Object.entries(files).map(([path, text]) => ({ path, text }));
  return readDeclarations(read, { folder: 'plumbline' }).problems.map(formatProblem);
}

/** Asserts that `lines` in an Application give exactly one problem: at `place`, with `message`. */
function assertFault(lines: string, place: string, message: RegExp): void {
  const problems = problemsOf({ 'plumbline/clusters.yaml': CLUSTERS, 'plumbline/a.yaml': application('web', lines) });
  assert.equal(problems.length, 1, problems.join('\n'));
  assert.ok(problems[0]?.startsWith(`plumbline/a.yaml:${place}: read declarations: Application "web": `), problems[0]);
  assert.match(problems[0] ?? '', message);
}

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

    const { declarations, problems } = readDeclarations(files, { folder: 'plumbline' });

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
    assertFault('  colour: red\n', '7:3', /colour: unknown field; use one of "source", "render"/);
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
      'plumbline/a.yaml:5:11: read declarations: Application: spec.source: the field "path" is missing; add "path: ..."',
    ]);
  });

  it('wants exactly one renderer, one place of a repository, one way to a cluster', () => {
    assertFault('  render: {helm: {}, kustomize: {}}\n', '7:11', /exactly one of "directory", "kustomize", "helm"/);
    assertFault('  render: {}\n', '7:11', /exactly one of .*, found an empty map/);
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

  it('refuses two declarations of one name and names both places', () => {
    const problems = problemsOf({
      'plumbline/a.yaml': application('web'),
      'plumbline/b.yaml': `${CLUSTERS}---\n${application('web')}`,
    });

    assert.deepEqual(problems, [
      'plumbline/b.yaml:13:18 (document 3): read declarations: Application "web": metadata.name: the name is taken by plumbline/a.yaml:3:18; rename or remove one of them',
    ]);
  });

  it('lets declarations of different kinds share a name', () => {
    assert.deepEqual(problemsOf({ 'plumbline/a.yaml': `${CLUSTERS}---\n${application('staging')}` }), []);
  });

  it('refuses two declarations of one cluster', () => {
    const twin = CLUSTERS.replace('prod-eu', 'prod-too')
      .replace('staging', 'other')
      .replace('context: stg', 'context: x');

    const problems = problemsOf({ 'plumbline/a.yaml': CLUSTERS, 'plumbline/b.yaml': twin });

    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /^plumbline\/b\.yaml:9:13 .*spec\.eks: it is the same cluster as "prod-eu"/);
  });

  it('refuses a field that stands twice', () => {
    assertFaultText(
      application('web', '  suspend: true\n  suspend: false\n'),
      /^plumbline\/a\.yaml:8: .*"suspend" stands twice/,
    );
  });

  it('names unknown repositories, clusters and dependencies with what was probably meant', () => {
    assertFault(
      '  dependsOn: [web2, wbe]\n'.replace('web2, ', ''),
      '7:15',
      /dependsOn\[0\]: no application "wbe" is declared; did you mean "web"/,
    );
    const file = application('web')
      .replace('{path: apps/web}', '{repository: flet, path: a}')
      .replace('{all: true}', '{names: [stagin]}');
    const problems = problemsOf({ 'plumbline/a.yaml': file, 'plumbline/clusters.yaml': CLUSTERS });
    assert.equal(problems.length, 2);
    assert.match(
      problems[0] ?? '',
      /a\.yaml:5:24: .*no repository "flet" is declared; declare it: there is no repository yet/,
    );
    assert.match(problems[1] ?? '', /a\.yaml:6:22: .*no cluster "stagin" is declared; did you mean "staging"/);
  });

  it('does not blame a declaration for naming one that is broken itself', () => {
    const problems = problemsOf({
      'plumbline/a.yaml': application('web', '  dependsOn: [db]\n'),
      'plumbline/b.yaml': application('db', '  suspend: 1\n'),
    });

    assert.equal(problems.length, 1, problems.join('\n'));
    assert.match(problems[0] ?? '', /^plumbline\/b\.yaml:7:12/);
  });

  it('names a circle of dependencies in full, once', () => {
    const problems = problemsOf({
      'plumbline/clusters.yaml': CLUSTERS,
      'plumbline/a.yaml': application('a', '  dependsOn: [d, b]\n'),
      'plumbline/b.yaml': application('b', '  dependsOn: [c]\n'),
      'plumbline/c.yaml': application('c', '  dependsOn: [a]\n'),
      'plumbline/d.yaml': application('d'),
    });

    assert.deepEqual(problems, [
      'plumbline/a.yaml:7:18: read declarations: Application "a": spec.dependsOn[1]: dependencies in a circle: a → b → c → a; remove one of these dependencies',
    ]);
    assertFault('  dependsOn: [web]\n', '7:15', /circle: web → web/);
  });

  it('names an unknown ${...} with the clusters that lack it and what they have', () => {
    const source = (path: string): string => application('web').replace('apps/web', `"${path}"`);
    const problems = problemsOf({
      'plumbline/clusters.yaml': CLUSTERS,
      'plumbline/a.yaml': source('apps/${cluster.labels.stag}'),
    });

    assert.equal(problems.length, 1);
    assert.match(
      problems[0] ?? '',
      /^plumbline\/a\.yaml:5:18: .*spec\.source\.path: \$\{cluster\.labels\.stag\} is unknown for clusters "staging", "prod-eu"; did you mean \$\{cluster\.labels\.stage\}\? known are \$\{cluster\.name\}/,
    );
    assert.match(
      problemsOf({
        'plumbline/clusters.yaml': CLUSTERS,
        'plumbline/a.yaml': source('${cluster.parameters.memory}'),
      }).join('\n'),
      /is unknown for cluster "prod-eu";/,
    );
  });

  it('checks what comes out of ${...} as if it had been written so', () => {
    const clusters = CLUSTERS.replace('memory: 1Gi', 'memory: 1Gi, ns: Bad_Name').replace(
      'stage: prod',
      'stage: prod, x: y1',
    );
    const problems = problemsOf({
      'plumbline/clusters.yaml': clusters,
      'plumbline/a.yaml': application('web', '  namespace: "${cluster.parameters.ns}"\n').replace(
        '{all: true}',
        '{names: [staging]}',
      ),
      'plumbline/b.yaml': application('db', '  dependsOn: ["${cluster.name}"]\n'),
    });

    assert.equal(problems.length, 3, problems.join('\n'));
    assert.match(
      problems[0] ?? '',
      /a\.yaml:7:14: .*spec\.namespace: expected .*, found "Bad_Name".* for cluster "staging"/,
    );
    assert.match(problems[1] ?? '', /b\.yaml:7:15: .*no application "staging" is declared/);
    assert.match(problems[2] ?? '', /b\.yaml:7:15: .*no application "prod-eu" is declared/);
  });

  it('refuses a selector that takes values from a cluster', () => {
    const file = application('web').replace('{all: true}', '{matchLabels: {stage: "${cluster.name}"}}');

    assert.match(
      problemsOf({ 'plumbline/a.yaml': file }).join('\n'),
      /a\.yaml:6:35: .*a selector cannot take values from a cluster/,
    );
  });
});

function assertFaultText(text: string, pattern: RegExp): void {
  const problems = problemsOf({ 'plumbline/clusters.yaml': CLUSTERS, 'plumbline/a.yaml': text });
  assert.equal(problems.length, 1, problems.join('\n'));
  assert.match(problems[0] ?? '', pattern);
}
