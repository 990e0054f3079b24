// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ApplicationDeclaration,
  applicationSchema,
  type ClusterDeclaration,
  clusterSchema,
} from '../../../shared/model/declarations.ts';
import { resolveApplication } from '../../../shared/render/substitute.ts';

const cluster: ClusterDeclaration = clusterSchema.parse({
  apiVersion: 'plumbline.dev/v1',
  kind: 'Cluster',
  metadata: { name: 'prod-eu', labels: { stage: 'prod', 'topology.kubernetes.io/zone': 'a' } },
  spec: { kubeconfig: { context: 'x' }, parameters: { memory: '1Gi', nested: '${cluster.name}' } },
});

function application(spec: object): ApplicationDeclaration {
  return applicationSchema.parse({
    apiVersion: 'plumbline.dev/v1',
    kind: 'Application',
    metadata: { name: 'web' },
    spec: { source: { path: 'apps/web' }, clusters: { all: true }, ...spec },
  });
}

function valuesOf(values: object): unknown {
  const resolved = resolveApplication(application({ render: { helm: { values } } }), cluster);
  return resolved.ok ? resolved.application.spec.render?.helm?.values : resolved.faults;
}

describe('resolveApplication', () => {
  it('fills names, labels and parameters in, anywhere in the spec', () => {
    const resolved = resolveApplication(
      application({
        source: { path: 'apps/${cluster.labels.stage}', revision: '${ cluster.name }' },
        namespace: 'web-${cluster.name}',
        dependsOn: ['db-${cluster.labels.topology.kubernetes.io/zone}'],
        sync: { timeout: '10m' },
      }),
      cluster,
    );

    assert.ok(resolved.ok);
    const { source, namespace, dependsOn } = resolved.application.spec;
    assert.deepEqual(source, { path: 'apps/prod', revision: 'prod-eu' });
    assert.equal(namespace, 'web-prod-eu');
    assert.deepEqual(dependsOn, ['db-a']);
  });

  it('reaches strings at any depth of inline values and leaves other values as they are', () => {
    const values = { a: [{ b: '${cluster.parameters.memory}/${cluster.name}' }], n: 2n ** 60n, t: true, z: null };

    assert.deepEqual(valuesOf(values), { a: [{ b: '1Gi/prod-eu' }], n: 2n ** 60n, t: true, z: null });
  });

  it('keeps a plain ${ where it is escaped, and does not look into what it filled in', () => {
    assert.deepEqual(valuesOf({ a: '$${HOME}/${cluster.name}', b: '$HOME $ {x}', c: '${cluster.parameters.nested}' }), {
      a: '${HOME}/prod-eu',
      b: '$HOME $ {x}',
      c: '${cluster.name}',
    });
  });

  it('refuses every unknown or unclosed expression, with its path and what is known', () => {
    const resolved = resolveApplication(
      application({
        source: { path: '${cluster.labels.constructor}' },
        namespace: '${HOME}',
        dependsOn: ['a-${cluster.name'],
      }),
      cluster,
    );

    assert.ok(!resolved.ok);
    assert.deepEqual(
      resolved.faults.map(({ path, wrong }) => [path.join('.'), wrong]),
      [
        ['spec.source.path', '${cluster.labels.constructor} is unknown'],
        ['spec.namespace', '${HOME} is unknown'],
        ['spec.dependsOn.0', '"${cluster.name" is not closed'],
      ],
    );
    assert.match(resolved.faults[0]?.remedy ?? '', /known are \$\{cluster\.name\}, \$\{cluster\.labels\.stage\}, /);
  });

  it('refuses a value that the field cannot hold', () => {
    const resolved = resolveApplication(application({ sync: { timeout: '${cluster.parameters.memory}' } }), cluster);

    assert.ok(!resolved.ok);
    assert.match(resolved.faults[0]?.wrong ?? '', /expected a duration .*, found "1Gi"/);
  });

  it('leaves the selector alone', () => {
    const selector = { matchLabels: { a: '${cluster.name}' } };

    const resolved = resolveApplication(application({ clusters: selector }), cluster);
    assert.ok(resolved.ok);
    assert.deepEqual(resolved.application.spec.clusters, selector);
  });
});
