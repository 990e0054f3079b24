// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { application, assertFault, CLUSTERS, problemsOf } from './faults.ts';

describe('readDeclarations, between declarations', () => {
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

  it('refuses to create a namespace that has no name', () => {
    assertFault('  createNamespace: true\n', '7:20', /there is no "namespace" to create; add "namespace: \.\.\."/);
  });

  it('refuses a selector that takes values from a cluster', () => {
    const file = application('web').replace('{all: true}', '{matchLabels: {stage: "${cluster.name}"}}');

    assert.match(
      problemsOf({ 'plumbline/a.yaml': file }).join('\n'),
      /a\.yaml:6:35: .*a selector cannot take values from a cluster/,
    );
  });
});
