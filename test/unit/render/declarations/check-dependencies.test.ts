// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { application, CLUSTERS, problemsOf } from './faults.ts';

const inCluster = (name: string, cluster: string, more = ''): string =>
  application(name, more).replace('{all: true}', `{names: [${cluster}]}`);

function withClusters(files: Readonly<Record<string, string>>): readonly string[] {
  return problemsOf({ 'plumbline/clusters.yaml': CLUSTERS, ...files });
}

describe('dependsOn that names a cluster', () => {
  it('takes an application of another cluster, and ${...}', () => {
    const problems = withClusters({
      'plumbline/db.yaml': inCluster('db', 'staging'),
      'plumbline/web.yaml': inCluster('web', 'prod-eu', '  dependsOn: [staging/db]\n'),
      'plumbline/all.yaml': application('all', '  dependsOn: ["${cluster.name}/all"]\n'),
    });

    assert.deepEqual(problems, []);
  });

  it('names unknown clusters and applications with what was probably meant', () => {
    const problems = withClusters({
      'plumbline/web.yaml': application('web', '  dependsOn: [stagin/web, staging/wbe]\n'),
    });

    assert.equal(problems.length, 2, problems.join('\n'));
    assert.match(problems[0] ?? '', /dependsOn\[0\]: no cluster "stagin" is declared; did you mean "staging"/);
    assert.match(problems[1] ?? '', /dependsOn\[1\]: no application "wbe" is declared; did you mean "web"/);
  });

  it('refuses an application that does not go to the cluster', () => {
    const problems = withClusters({
      'plumbline/db.yaml': inCluster('db', 'staging'),
      'plumbline/web.yaml': inCluster('web', 'staging', '  dependsOn: [prod-eu/db]\n'),
    });

    assert.deepEqual(problems.length, 1);
    assert.match(problems[0] ?? '', /dependsOn\[0\]: application "db" does not go to cluster "prod-eu"; let the/);
  });

  it('refuses what is no name of either kind', () => {
    const problems = withClusters({ 'plumbline/web.yaml': application('web', '  dependsOn: [a/b/c]\n') });

    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /dependsOn\[0\]: expected the name of an application, or "cluster\/application"/);
  });

  it('names a circle through clusters in full, once, where it begins', () => {
    const problems = withClusters({
      'plumbline/a.yaml': inCluster('a', 'staging', '  dependsOn: [c, prod-eu/b]\n'),
      'plumbline/b.yaml': inCluster('b', 'prod-eu', '  dependsOn: [staging/a]\n'),
      'plumbline/c.yaml': inCluster('c', 'staging'),
    });

    assert.deepEqual(problems, [
      'plumbline/a.yaml:7:18: read declarations: Application "a": spec.dependsOn[1]: dependencies in a circle: staging/a → prod-eu/b → staging/a; remove one of these dependencies',
    ]);
  });

  it('sees no circle in one application that goes through its clusters one after the other', () => {
    const problems = withClusters({ 'plumbline/web.yaml': application('web', '  dependsOn: [staging/web]\n') });

    assert.deepEqual(problems, []);
  });
});
