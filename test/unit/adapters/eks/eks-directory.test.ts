import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { createEksDirectory } from '../../../../shared/adapters/eks/eks-directory.ts';
import type { PlumblineError } from '../../../../shared/errors.ts';
import { API_VERSION, clusterSetSchema } from '../../../../shared/model/declarations.ts';
import { setAwsEnvironment } from '../../../aws/eks/aws-environment.ts';
import { KnownIdentities } from '../../../aws/eks/identities.ts';
import { startEks, type TestEks } from '../../../aws/eks/start-eks.ts';
import { startSts, type TestSts } from '../../../aws/eks/start-sts.ts';
import { type Moto, startMoto } from '../../../aws/moto.ts';
import { pythonIsMissing } from '../../../aws/python-tools.ts';

const FAR = 'arn:aws:iam::210987654321:role/finder';
const MINUTE = 60_000;

describe('the directory of EKS clusters', { skip: pythonIsMissing }, () => {
  const identities = new KnownIdentities();
  let moto: Moto;
  let sts: TestSts;
  let eks: TestEks;

  before(async () => {
    moto = await startMoto();
    sts = await startSts(moto.url, identities);
    eks = await startEks({ findIdentity: identities.find });
    setAwsEnvironment({ credentials: moto.credentials, endpoints: { STS: sts.url, EKS: eks.url } });
    const tags = { fleet: 'shop', stage: 'prod' };
    eks.put({ name: 'one', tags });
    eks.put({ name: 'two', tags: { ...tags, stage: 'dev' }, version: '1.35' });
    eks.put({ name: 'foreign', tags: { fleet: 'other' } });
    eks.put({ name: 'bare' });
    eks.put({ name: 'us', region: 'us-east-1', tags });
    eks.put({ name: 'far', account: '210987654321', tags });
    eks.put({ name: 'young', tags, status: 'CREATING' });
    eks.put({ name: 'leaving', tags, status: 'DELETING' });
    eks.put({ name: 'updating', tags, status: 'UPDATING' });
  });
  afterEach(() => {
    eks.setFault(undefined);
    sts.setFault(undefined);
  });
  after(async () => {
    await sts.stop();
    await eks.stop();
    await moto.stop();
  });

  function setOf(discover: object) {
    return clusterSetSchema.parse({
      ...{ apiVersion: API_VERSION, kind: 'ClusterSet', metadata: { name: 'shop' } },
      spec: { discover: { regions: ['eu-west-1'], tags: { fleet: 'shop' }, ...discover } },
    });
  }

  function openDirectory() {
    const clock = { nowMs: Date.now() };
    return { clock, directory: createEksDirectory({ fleet: 'shop', nowMs: () => clock.nowMs }) };
  }

  test('finds the clusters that carry every tag and can be reached', async () => {
    const { directory } = openDirectory();

    const found = await directory.discover(setOf({}));
    const prod = await directory.discover(setOf({ tags: { fleet: 'shop', stage: 'prod' } }));

    assert.deepEqual(
      found.map(({ name }) => name),
      ['one', 'two', 'updating'],
    );
    assert.deepEqual(
      prod.map(({ name }) => name),
      ['one', 'updating'],
    );
    assert.deepEqual(found[1], {
      ...{ name: 'two', region: 'eu-west-1', account: '123456789012', version: '1.35' },
      tags: { fleet: 'shop', stage: 'dev' },
    });
  });

  test('looks in every region with every role, and says which role found a cluster', async () => {
    const { directory } = openDirectory();

    const regions = await directory.discover(setOf({ regions: ['eu-west-1', 'us-east-1'] }));
    const far = await directory.discover(setOf({ regions: ['eu-west-1', 'us-east-1'], roleArns: [FAR] }));

    assert.deepEqual(regions.map(({ name, region }) => `${region}/${name}`).toSorted(), [
      'eu-west-1/one',
      'eu-west-1/two',
      'eu-west-1/updating',
      'us-east-1/us',
    ]);
    assert.deepEqual(
      far.map(({ name, account, roleArn }) => [name, account, roleArn]),
      [['far', '210987654321', FAR]],
    );
  });

  test('reads all pages, a few descriptions at a time', async () => {
    const regions = ['ap-south-1'];
    for (let index = 0; index < 230; index += 1) {
      eks.put({ name: `c${String(index).padStart(3, '0')}`, region: 'ap-south-1', tags: { fleet: 'shop' } });
    }
    const before = eks.requests.length;
    eks.setFault(() => new Promise((resolve) => setTimeout(resolve, 5, undefined)));

    const found = await openDirectory().directory.discover(setOf({ regions }));

    const asked = eks.requests.slice(before);
    assert.equal(found.length, 230);
    assert.equal(asked.filter(({ operation }) => operation === 'ListClusters').length, 3);
    assert.equal(asked.filter(({ operation }) => operation === 'DescribeCluster').length, 230);
    assert.equal(eks.mostAtOnce, 8);
  });

  test('keeps what it was told for 5 minutes, for all sets', async () => {
    const { directory, clock } = openDirectory();
    const before = eks.requests.length;

    await Promise.all([directory.discover(setOf({})), directory.discover(setOf({ tags: { stage: 'prod' } }))]);
    const first = eks.requests.length - before;
    clock.nowMs += 4 * MINUTE;
    await directory.discover(setOf({}));
    const kept = eks.requests.length - before;
    clock.nowMs += 2 * MINUTE;
    await directory.discover(setOf({}));

    assert.equal(first, 1 + 7, 'one list, one description for each cluster of the region');
    assert.equal(kept, first);
    assert.equal(eks.requests.length - before, 2 * first);
  });

  test('leaves out a cluster that was deleted between the list and its description', async () => {
    eks.setFault(({ name }) =>
      name === 'one' ? { status: 404, code: 'ResourceNotFoundException', message: '' } : undefined,
    );

    const found = await openDirectory().directory.discover(setOf({}));

    assert.deepEqual(
      found.map(({ name }) => name),
      ['two', 'updating'],
    );
  });

  const broken = [
    [
      'a list that is refused',
      { operation: 'ListClusters', status: 403, code: 'AccessDeniedException' },
      /^CredentialsExpired ClusterSet shop: list the clusters of eu-west-1 as the role of Plumbline itself: EKS refuses it: .*; allow the role of Plumbline eks:ListClusters in eu-west-1/,
    ],
    [
      'one description that is refused',
      { operation: 'DescribeCluster', name: 'two', status: 403, code: 'AccessDeniedException' },
      /^CredentialsExpired ClusterSet shop: describe two in eu-west-1 as/,
    ],
    [
      'one description without an answer',
      { operation: 'DescribeCluster', name: 'two', status: 500, code: 'ServerException' },
      /^ClusterUnreachable ClusterSet shop: describe two in eu-west-1 as/,
    ],
  ] as const;
  for (const [what, fault, expected] of broken) {
    test(`is an error, never a part, at ${what}, and asks again next time`, async () => {
      const { directory } = openDirectory();
      eks.setFault((request) => {
        const isMeant = request.operation === fault.operation && (!('name' in fault) || request.name === fault.name);
        return isMeant ? { status: fault.status, code: fault.code, message: 'no' } : undefined;
      });

      const error = await directory.discover(setOf({})).then(
        () => assert.fail('it did not fail'),
        (caught: PlumblineError) => caught,
      );
      eks.setFault(undefined);
      const found = await directory.discover(setOf({}));

      assert.match(`${error.code} ${error.message}`, expected);
      assert.equal(found.length, 3);
    });
  }

  test('is an error when one of several regions or roles cannot be asked', async () => {
    const { directory } = openDirectory();
    eks.setFault(({ region }) =>
      region === 'us-east-1' ? { status: 403, code: 'AccessDeniedException', message: 'no' } : undefined,
    );

    await assert.rejects(
      directory.discover(setOf({ regions: ['eu-west-1', 'us-east-1'] })),
      /list the clusters of us-east-1/,
    );
    sts.setFault(() => ({ status: 403, code: 'AccessDenied', message: 'no' }));
    await assert.rejects(
      directory.discover(setOf({ roleArns: [FAR] })),
      /ClusterSet shop: assume arn:aws:iam::210987654321:role\/finder/,
    );
  });

  test('waits out a throttling that is short', async () => {
    let left = 3;
    const busy = { status: 429, code: 'ThrottlingException', message: 'Rate exceeded' };
    eks.setFault(({ region }) => (region === 'ap-east-1' && left-- > 0 ? busy : undefined));

    const found = await openDirectory().directory.discover(setOf({ regions: ['ap-east-1'] }));

    assert.deepEqual(found, []);
    assert.ok(left <= 0, 'nothing was throttled');
  });
});
