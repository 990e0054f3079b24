import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { createEksLocator } from '../../../../shared/adapters/eks/eks-locator.ts';
import type { PlumblineError } from '../../../../shared/errors.ts';
import type { LocatedCluster } from '../../../../shared/job/cluster-provider.ts';
import { API_VERSION, clusterSchema } from '../../../../shared/model/declarations.ts';
import { setAwsEnvironment } from '../../../aws/eks/aws-environment.ts';
import { KnownIdentities } from '../../../aws/eks/identities.ts';
import { startEks, type TestEks } from '../../../aws/eks/start-eks.ts';
import { startSts, type TestSts } from '../../../aws/eks/start-sts.ts';
import { verifyToken } from '../../../aws/eks/verify-token.ts';
import { type Moto, startMoto } from '../../../aws/moto.ts';
import { pythonIsMissing } from '../../../aws/python-tools.ts';

const ROLE = 'arn:aws:iam::210987654321:role/plumbline-clusters';
const MINUTE = 60_000;

describe('a cluster that is entered by a role', { skip: pythonIsMissing }, () => {
  const identities = new KnownIdentities();
  let moto: Moto;
  let sts: TestSts;
  let eks: TestEks;

  before(async () => {
    moto = await startMoto();
    sts = await startSts(moto.url, identities);
    eks = await startEks({ findIdentity: identities.find });
    setAwsEnvironment({ credentials: moto.credentials, endpoints: { STS: sts.url, EKS: eks.url } });
  });
  afterEach(() => {
    sts.setFault(undefined);
    eks.setFault(undefined);
  });
  after(async () => {
    await sts.stop();
    await eks.stop();
    await moto.stop();
  });

  function openLocator(externalId?: string) {
    const clock = { nowMs: Date.now() };
    const locator = createEksLocator({ fleet: 'shop', externalId, nowMs: () => clock.nowMs });
    const locate = async (name: string, spec: object = { roleArn: ROLE }): Promise<LocatedCluster> => {
      const declaration = clusterSchema.parse({
        ...{ apiVersion: API_VERSION, kind: 'Cluster', metadata: { name: `x-${name}` } },
        spec: { eks: { name, region: 'eu-west-1', ...spec } },
      });
      const located = await locator.locate(declaration);
      assert.ok(located);
      return located;
    };
    return { clock, locate };
  }

  async function tokenOf(located: LocatedCluster, fresh = false): Promise<string> {
    const { headers } = await located.credentials.read({ fresh });
    return (headers.authorization ?? '').replace('Bearer ', '');
  }

  const assumed = () => sts.requests.filter(({ action }) => action === 'AssumeRole');

  async function failure(of: Promise<unknown>): Promise<string> {
    const error = await of.then(
      () => assert.fail('it did not fail'),
      (caught: PlumblineError) => caught,
    );
    assert.equal(error.name, 'PlumblineError', String(error));
    return `${error.code} ${error.message}`;
  }

  test('is given a token of the role, in a session that names Plumbline and the fleet', async () => {
    const { locate, clock } = openLocator('to-be-agreed');

    const token = await tokenOf(await locate('prod'));

    const verified = await verifyToken(token, {
      ...{ cluster: 'prod', partition: 'aws', nowMs: clock.nowMs },
      findIdentity: identities.find,
    });
    assert.equal(verified.ok && verified.canonicalArn, ROLE);
    assert.match(verified.ok ? verified.arn : '', /:assumed-role\/plumbline-clusters\/plumbline-shop-[0-9a-f]{10}$/);
    assert.equal(assumed().at(-1)?.externalId, 'to-be-agreed');
  });

  test('shares the session with the other clusters of the role, until 5 minutes before its end', async () => {
    const { locate, clock } = openLocator();
    const before = assumed().length;

    await Promise.all([tokenOf(await locate('a')), tokenOf(await locate('b')), tokenOf(await locate('c'))]);
    clock.nowMs += 54 * MINUTE;
    await tokenOf(await locate('d'));
    const soon = assumed().length;
    clock.nowMs += 2 * MINUTE;
    await tokenOf(await locate('e'));

    assert.equal(soon, before + 1);
    assert.equal(assumed().length, before + 2);
  });

  test('keeps a token for 10 minutes, and makes another when it is refused', async () => {
    const { locate, clock } = openLocator();
    const prod = await locate('prod');

    const first = await tokenOf(prod);
    clock.nowMs += 9 * MINUTE;
    const kept = await tokenOf(await locate('prod'));
    const before = assumed().length;
    const renewed = await tokenOf(prod, true);
    clock.nowMs += 9 * MINUTE;
    const keptAgain = await tokenOf(prod);
    clock.nowMs += 2 * MINUTE;
    const old = await tokenOf(prod);

    assert.equal(kept, first);
    assert.notEqual(renewed, first);
    assert.equal(assumed().length, before + 1, 'the session too is another: its role may have been made anew');
    assert.equal(keptAgain, renewed);
    assert.notEqual(old, renewed);
  });

  test('makes a token for each cluster and region', async () => {
    const { locate } = openLocator();

    const tokens = await Promise.all([
      tokenOf(await locate('a')),
      tokenOf(await locate('b')),
      tokenOf(await locate('a', { roleArn: ROLE, region: 'us-east-1' })),
      tokenOf(await locate('a', {})),
    ]);

    assert.equal(new Set(tokens).size, 4);
  });

  test('says which principal is missing in which trust policy', async () => {
    const principal = 'arn:aws:sts::123456789012:assumed-role/worker/reconcile';
    const said = `User: ${principal} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`;
    sts.setFault(() => ({ status: 403, code: 'AccessDenied', message: said }));
    const { locate } = openLocator('to-be-agreed');

    const message = await failure(tokenOf(await locate('prod')));

    assert.equal(
      message,
      `CredentialsExpired x-prod: assume ${ROLE}: STS refuses it to ${principal} (AccessDenied); let the trust policy of the role name ${principal} with the external id to-be-agreed, and allow that one sts:AssumeRole on the role`,
    );
  });

  test('is throttled by STS for this time alone', async () => {
    let left = 100;
    sts.setFault(() => (left-- > 0 ? { status: 400, code: 'Throttling', message: 'Rate exceeded' } : undefined));
    const { locate } = openLocator();
    const prod = await locate('prod');

    const message = await failure(tokenOf(prod));
    left = 0;
    const token = await tokenOf(prod);

    assert.match(message, /^Throttled x-prod: assume .*: Throttling: Rate exceeded;/);
    assert.ok(token.startsWith('k8s-aws-v1.'));
  });

  test('refuses a role that is no ARN before anybody is asked', async () => {
    const before = sts.requests.length;
    const { locate } = openLocator();

    const message = await failure(tokenOf(await locate('prod', { roleArn: 'plumbline-clusters' })));

    assert.match(message, /^ConfigInvalid x-prod: assume its role: roleArn "plumbline-clusters" is no ARN of a role;/);
    assert.equal(sts.requests.length, before);
  });

  test('is described in its own account, as the role', async () => {
    eks.put({ name: 'far', account: '210987654321', server: 'https://far', certificateAuthority: 'PEM' });
    const { locate } = openLocator();

    const endpoint = await (await locate('far')).readEndpoint();
    const asOurselves = await failure((await locate('far', {})).readEndpoint());

    assert.deepEqual([endpoint.server, endpoint.certificateAuthority], ['https://far', 'PEM']);
    assert.match(
      asOurselves,
      /^ConfigInvalid x-far: describe far in eu-west-1 as the role of Plumbline itself: there is no EKS cluster far in eu-west-1 of Plumbline's own account; correct spec.eks.name/,
    );
  });

  test('is a clear problem while EKS has no endpoint of it, or none any more', async () => {
    const said: Record<string, string> = {};
    for (const status of ['CREATING', 'PENDING', 'DELETING', 'FAILED'] as const) {
      eks.put({ name: 'young', account: '210987654321', status });
      said[status] = await failure((await openLocator().locate('young')).readEndpoint());
    }
    assert.match(
      said.CREATING ?? '',
      /^ClusterUnreachable x-young: describe young in eu-west-1 as arn.*: EKS is still creating it \(CREATING\); it is tried again/,
    );
    assert.match(said.PENDING ?? '', /^ClusterUnreachable .*PENDING/);
    assert.match(
      said.DELETING ?? '',
      /^ConfigInvalid .*: EKS is deleting it; remove the Cluster from the fleet repository$/,
    );
    assert.match(
      said.FAILED ?? '',
      /^ClusterUnreachable .*: EKS names no endpoint of it \(status FAILED\); look at its health/,
    );
  });

  test('says which right is missing, to whom, and where, when EKS refuses to tell', async () => {
    eks.setFault(() => ({
      status: 403,
      code: 'AccessDeniedException',
      message: 'User is not authorized to perform: eks:DescribeCluster',
    }));

    const message = await failure((await openLocator().locate('prod')).readEndpoint());

    assert.equal(
      message,
      `CredentialsExpired x-prod: describe prod in eu-west-1 as ${ROLE}: EKS refuses it: User is not authorized to perform: eks:DescribeCluster; allow ${ROLE} eks:DescribeCluster on cluster prod in eu-west-1`,
    );
  });

  test('is throttled by EKS as a thing that passes', async () => {
    eks.setFault(() => ({ status: 429, code: 'ThrottlingException', message: 'Rate exceeded' }));

    const message = await failure((await openLocator().locate('prod')).readEndpoint());

    assert.match(message, /^Throttled x-prod: describe prod in eu-west-1 as .*: ThrottlingException: Rate exceeded;/);
  });

  test('is of no interest without spec.eks', async () => {
    const declaration = clusterSchema.parse({
      ...{ apiVersion: API_VERSION, kind: 'Cluster', metadata: { name: 'local' } },
      spec: { kubeconfig: { context: 'local' } },
    });

    assert.equal(await createEksLocator({ fleet: 'shop' }).locate(declaration), undefined);
  });
});
