// biome-ignore-all lint/style/noProcessEnv: the command gets the environment of a person who is logged in to AWS
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { VERSION } from '../../shared/config/names.ts';
import { KnownIdentities } from '../aws/eks/identities.ts';
import { startEks, type TestEks } from '../aws/eks/start-eks.ts';
import { startEksCluster } from '../aws/eks/start-eks-cluster.ts';
import { callApi } from '../controlplane/call-api.ts';
import { markRequests, requestsSince } from '../controlplane/request-log.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';
import { runCommand } from './cli/cli-lab.ts';

const PERSON = 'arn:aws:iam::123456789012:user/ana';
const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'test' };
const CLUSTER = {
  name: 'shop-one',
  tags: { fleet: 'shop' },
  access: [{ principalArn: PERSON, groups: ['system:masters'] }],
};
const FILES = {
  'plumbline/sets.yaml':
    'apiVersion: plumbline.dev/v1\nkind: ClusterSet\nmetadata: {name: shops}\nspec: {discover: {regions: [eu-west-1], tags: {fleet: shop}}}\n',
  'plumbline/web.yaml':
    'apiVersion: plumbline.dev/v1\nkind: Application\nmetadata: {name: web}\nspec: {source: {path: apps/web}, clusters: {matchLabels: {region: eu-west-1}}, namespace: default}\n',
  'apps/web/flags.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flags}\ndata: {a: "1"}\n',
};

/** One after the other: each goes on with what the one before it left, as a person would. */
describe('plumbline on one machine, on a fleet of EKS clusters with a tag', () => {
  const identities = new KnownIdentities();
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-eks-cli-'));
  const repository = join(folder, 'shop');
  let eks: TestEks;
  let plane: TestCluster;

  before(async () => {
    identities.add(KEY.accessKeyId, { secretAccessKey: KEY.secretAccessKey, arn: PERSON });
    eks = await startEks({ findIdentity: identities.find });
    plane = await startEksCluster(eks, CLUSTER, { controllers: false });
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(repository, path)), { recursive: true });
      writeFileSync(join(repository, path), text);
    }
    const git = (...words: readonly string[]) => execFileSync('git', words, { cwd: repository, stdio: 'pipe' });
    git('init', '--quiet', '--initial-branch=main');
    git('add', '.');
    git('-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', 'commit', '--quiet', '--message=first');
  });
  after(async () => {
    await plane.stop();
    await eks.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function run(...words: readonly string[]) {
    const env = {
      ...process.env,
      ...{ XDG_STATE_HOME: join(folder, 'state'), HOME: folder, FORCE_COLOR: undefined, KUBECONFIG: undefined },
      ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: KEY.accessKeyId, AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey },
      AWS_ENDPOINT_URL_EKS: eks.url,
    };
    return runCommand(words, { cwd: repository, env });
  }

  const flags = () => callApi(plane, { path: '/api/v1/namespaces/default/configmaps/flags' });

  it('finds them with the credentials of whoever calls it, and plans', async () => {
    const { status, stdout, stderr } = await run('plan');

    assert.equal(status, 2, stderr);
    assert.match(stdout, /1 object is new in 1 cluster/);
  });

  it('brings them to the commit, which their audit logs name', async () => {
    const mark = await markRequests(plane);

    const { status, stdout, stderr } = await run('apply');

    assert.equal(status, 0, stdout + stderr);
    assert.equal((await flags()).status, 200);
    const [applied] = (await requestsSince(plane, mark)).filter(
      ({ verb, path }) => verb === 'patch' && path.endsWith('/flags'),
    );
    assert.match(
      applied?.userAgent ?? '',
      new RegExp(`^plumbline/${VERSION} \\(fleet shop; application web; commit [0-9a-f]{12}; run [0-9a-f]{12}\\)$`),
    );
    assert.equal(applied?.user, PERSON);
  });

  it('refuses to plan when it may not look, and takes nobody for gone', async () => {
    eks.setFault(() => ({ status: 403, code: 'AccessDeniedException', message: 'not authorized' }));

    const { status, stdout, stderr } = await run('apply');
    eks.setFault(undefined);

    assert.equal(status, 1, stdout + stderr);
    assert.match(
      stdout + stderr,
      /ClusterSet shops: list the clusters of eu-west-1 as the role of Plumbline itself: EKS refuses it/,
    );
    assert.doesNotMatch(stdout, / gone/);
  });

  it('leaves one alone that lost its tag, and says that it is gone', async () => {
    eks.put({ ...CLUSTER, tags: {}, plane });
    const mark = await markRequests(plane);

    await run('apply');
    const { status, stdout } = await run('status');

    assert.equal(status, 1);
    assert.match(stdout, /^FLEET .* 1 gone /);
    assert.match(stdout, /^shop-one +\S+ gone/m);
    assert.match(stdout, /Cluster shop-one: discover with ClusterSet shops: it is gone since 20/);
    assert.equal((await flags()).status, 200, 'nothing is deleted');
    const written = (await requestsSince(plane, mark, { userAgent: 'plumbline/' })).filter(
      ({ verb }) => verb !== 'get' && verb !== 'list',
    );
    assert.deepEqual(written, []);
  });

  it('goes on where it was when the tag is back', async () => {
    eks.put({ ...CLUSTER, plane });

    const { status, stdout, stderr } = await run('apply');

    assert.equal(status, 0, stdout + stderr);
    assert.match((await run('status')).stdout, /^FLEET {2}1 of 1 cluster true to /);
  });
});
