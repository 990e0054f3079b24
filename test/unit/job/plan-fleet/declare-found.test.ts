import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { declareFound } from '../../../../shared/job/plan-fleet/declare-found.ts';
import { API_VERSION, clusterSetSchema } from '../../../../shared/model/declarations.ts';
import type { FoundCluster } from '../../../../shared/model/found-cluster.ts';

const ROLE = 'arn:aws:iam::210987654321:role/finder';

function declare(
  found: readonly Partial<FoundCluster>[],
  { discover = {}, spec = {} }: { discover?: object; spec?: object } = {},
) {
  const declaration = clusterSetSchema.parse({
    ...{ apiVersion: API_VERSION, kind: 'ClusterSet', metadata: { name: 'shops' } },
    spec: { discover: { regions: ['eu-west-1'], tags: { fleet: 'shop' }, ...discover }, ...spec },
  });
  const set = { declaration, location: { path: 'plumbline/sets.yaml', line: 1, column: 1 } };
  const base: FoundCluster = { name: 'a', region: 'eu-west-1', account: '123456789012', version: '1.36', tags: {} };
  return declareFound({ set, found: found.map((one) => ({ ...base, ...one })) });
}

function namesOf(found: readonly Partial<FoundCluster>[], discover: object = {}): readonly string[] {
  return declare(found, { discover }).clusters.map(({ declaration }) => declaration.metadata.name);
}

describe('the name of a found cluster', () => {
  it('is the one in EKS, where the set looks in one region of one account', () => {
    assert.deepEqual(namesOf([{ name: 'prod' }, { name: 'dev-2' }]), ['prod', 'dev-2']);
  });

  it('has region and account, where the set looks in several, whatever it finds', () => {
    const several = { regions: ['eu-west-1', 'us-east-1'], roleArns: [ROLE, `${ROLE}-2`] };

    assert.deepEqual(namesOf([{ name: 'prod' }], { regions: several.regions }), ['prod-eu-west-1']);
    assert.deepEqual(namesOf([{ name: 'prod' }], { roleArns: several.roleArns }), ['prod-123456789012']);
    assert.deepEqual(namesOf([{ name: 'prod' }], several), ['prod-eu-west-1-123456789012']);
  });

  it('ends with a hash where it had to be made legal, so that no two become one', () => {
    const long = 'x'.repeat(100);

    const names = namesOf([
      { name: 'Prod' },
      { name: 'prod' },
      { name: 'PROD' },
      { name: 'a_b' },
      { name: 'a-b' },
      { name: long },
      { name: `${long}y` },
      { name: 'end-' },
    ]);

    assert.equal(new Set(names).size, names.length);
    assert.match(names[0] ?? '', /^prod-[0-9a-f]{8}$/);
    assert.equal(names[1], 'prod');
    for (const name of names) assert.match(name, /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  });
});

describe('the labels of a found cluster', () => {
  it('are its tags with region, account and version; tags that are no labels are left out with a note', () => {
    const tags = {
      stage: 'prod',
      'Cost Center': '12',
      owner: 'ana@shop',
      'aws:cloudformation:stack-name': 'x',
      'shop.dev/tier': '1',
      region: 'moon',
    };

    const { clusters, notes } = declare([{ tags }, { name: 'b', tags: { owner: 'bob@shop', empty: '' } }]);

    assert.deepEqual(
      clusters.map(({ declaration }) => declaration.metadata.labels),
      [
        { stage: 'prod', 'shop.dev/tier': '1', region: 'eu-west-1', account: '123456789012', version: '1.36' },
        { empty: '', region: 'eu-west-1', account: '123456789012', version: '1.36' },
      ],
    );
    assert.deepEqual(notes, [
      'ClusterSet shops: tag "Cost Center" of one cluster is no legal label, and is left out',
      'ClusterSet shops: tag "owner" of 2 clusters is no legal label, and is left out',
    ]);
  });
});

describe('the way into a found cluster', () => {
  it('is the role that found it, unless the set names another', () => {
    const eksOf = (spec: object) =>
      declare([{ roleArn: ROLE }, { name: 'b' }], { spec }).clusters.map(
        ({ declaration }) => declaration.spec.eks?.roleArn,
      );

    assert.deepEqual(eksOf({}), [ROLE, undefined]);
    assert.deepEqual(eksOf({ roleArn: `${ROLE}-entry` }), [`${ROLE}-entry`, `${ROLE}-entry`]);
  });
});
