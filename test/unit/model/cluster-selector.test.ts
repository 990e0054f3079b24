import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { selects } from '../../../shared/model/cluster-selector.ts';
import { type ClusterSelector, clusterSchema, clusterSelectorSchema } from '../../../shared/model/declarations.ts';

const cluster = clusterSchema.parse({
  apiVersion: 'plumbline.dev/v1',
  kind: 'Cluster',
  metadata: { name: 'prod-eu', labels: { stage: 'prod', region: 'eu' } },
  spec: { kubeconfig: { context: 'x' } },
});

function isSelected(selector: unknown): boolean {
  const parsed: ClusterSelector = clusterSelectorSchema.parse(selector);
  return selects(parsed, cluster);
}

describe('selects', () => {
  it('selects nothing without a field, everything with all', () => {
    assert.equal(isSelected({}), false);
    assert.equal(isSelected({ all: false }), false);
    assert.equal(isSelected({ matchLabels: {} }), false);
    assert.equal(isSelected({ all: true }), true);
  });

  it('selects by name and by labels, all of which must match', () => {
    assert.equal(isSelected({ names: ['x', 'prod-eu'] }), true);
    assert.equal(isSelected({ names: ['x'] }), false);
    assert.equal(isSelected({ names: [] }), false);
    assert.equal(isSelected({ matchLabels: { stage: 'prod', region: 'eu' } }), true);
    assert.equal(isSelected({ matchLabels: { stage: 'prod', region: 'us' } }), false);
    assert.equal(isSelected({ matchLabels: { toString: 'x' } }), false);
    assert.equal(isSelected({ all: true, matchLabels: { stage: 'staging' } }), false);
    assert.equal(isSelected({ names: ['prod-eu'], matchLabels: { stage: 'staging' } }), false);
  });

  it('knows the set-based operators of Kubernetes', () => {
    const meets = (key: string, operator: string, values?: readonly string[]): boolean =>
      isSelected({ matchExpressions: [{ key, operator, ...(values && { values }) }] });

    assert.deepEqual(
      [meets('stage', 'In', ['a', 'prod']), meets('stage', 'In', ['a']), meets('x', 'In', [''])],
      [true, false, false],
    );
    assert.deepEqual(
      [meets('stage', 'NotIn', ['prod']), meets('stage', 'NotIn', ['a']), meets('x', 'NotIn', ['a'])],
      [false, true, true],
    );
    assert.deepEqual([meets('stage', 'Exists'), meets('x', 'Exists')], [true, false]);
    assert.deepEqual([meets('stage', 'DoesNotExist'), meets('x', 'DoesNotExist')], [false, true]);
  });
});
