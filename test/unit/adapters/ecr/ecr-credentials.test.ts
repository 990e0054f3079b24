import assert from 'node:assert/strict';
import { after, before, describe, it, test } from 'node:test';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ecrCredentials } from '../../../../shared/adapters/ecr/ecr-credentials.ts';
import { parseEcrHost } from '../../../../shared/adapters/ecr/ecr-host.ts';
import { parseOciAddress } from '../../../../shared/adapters/oci/oci-address.ts';
import { ociPlaceOf } from '../../../../shared/adapters/oci/oci-place.ts';
import { OciSource } from '../../../../shared/adapters/oci/oci-source.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import { type Moto, startMoto } from '../../../aws/moto.ts';
import { pythonIsMissing } from '../../../aws/python-tools.ts';
import { startScriptedAws } from '../../../aws/scripted-aws.ts';
import { goIsMissing } from '../../../registry/build-registry.ts';
import { tarGzOf } from '../../../registry/pack.ts';
import { pushArtifact } from '../../../registry/push-artifact.ts';
import { startRegistry } from '../../../registry/start-registry.ts';

const HOSTS: readonly (readonly [string, string | undefined])[] = [
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'eu-west-1'],
  ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['123456789012.dkr-ecr.eu-west-1.on.aws', 'eu-west-1'],
  ['public.ecr.aws', undefined],
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example.com', undefined],
  ['1.dkr.ecr.eu-west-1.amazonaws.com', undefined],
];
test('knows the registries of ECR by their names, and no others', () => {
  for (const [host, region] of HOSTS) assert.equal(parseEcrHost(host)?.region, region, host);
});

test('takes a secret that a Repository names before the rights of whoever runs this', () => {
  const url = 'oci://123456789012.dkr.ecr.eu-west-1.amazonaws.com/charts';
  const secret = { authorization: async () => 'Basic x' };

  assert.equal(ociPlaceOf({ url, credentials: 'own' }, () => secret).credentials, secret);
  assert.notEqual(ociPlaceOf({ url }, () => secret).credentials, undefined);
  assert.equal(ociPlaceOf({ url: 'oci://registry.example.com/charts' }, () => secret).credentials, undefined);
});

test('asks for a password once in its life, and again when it is refused', async () => {
  const authorizationToken = Buffer.from('AWS:password').toString('base64');
  const lives = { now: 43_200 };
  const aws = await startScriptedAws(() => {
    return { body: { authorizationData: [{ authorizationToken, expiresAt: Date.now() / 1_000 + lives.now }] } };
  });
  const client = new ECRClient(aws.settings);
  const credentials = ecrCredentials(client, 'oci://registry');
  const ask = (refused: boolean) =>
    credentials.authorization({ url: new URL('https://registry.example.com'), refused });

  assert.equal(await ask(false), `Basic ${authorizationToken}`);
  await ask(false);
  assert.equal(aws.requests.length, 1);
  lives.now = 60;
  await ask(true);
  assert.equal(aws.requests.length, 2);
  await ask(false);
  assert.equal(aws.requests.length, 3, 'one that ends soon is not used any more');

  client.destroy();
  await aws.stop();
});

describe('the password of a registry of ECR', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  before(async () => {
    moto = await startMoto();
  });
  after(() => moto.stop());

  const open = () => {
    const { region, url: endpoint, credentials } = moto;
    const client = new ECRClient({ region, endpoint, credentials });
    return { client, credentials: ecrCredentials(client, 'oci://registry') };
  };
  const url = new URL('https://registry.example.com');

  it('opens a registry that knows it', { skip: goIsMissing }, async () => {
    const { client, credentials } = open();
    const header = await credentials.authorization({ url, refused: false });
    const [user = '', password = ''] = Buffer.from(`${header}`.slice('Basic '.length), 'base64').toString().split(':');
    const registry = await startRegistry({ kind: 'basic', user, password });
    const content = tarGzOf({ 'a.yaml': 'a: 1\n' });
    const layers = [{ mediaType: 'application/vnd.cncf.flux.content.v1.tar+gzip', content }];
    const target = { host: registry.host, ...(header !== undefined && { authorization: header }) };
    const digest = await pushArtifact(target, { repository: 'web', tag: '1.0.0', layers });

    const source = new OciSource({ address: parseOciAddress(`oci://${registry.host}/web`), credentials });
    const { revision } = await source.resolve('1.x').finally(() => registry.close());

    assert.equal(revision, digest);
    client.destroy();
  });

  it('that cannot be had says who was asked, for what', async () => {
    const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
    const client = new ECRClient({ region: 'eu-west-1', endpoint: 'http://127.0.0.1:1', credentials, maxAttempts: 1 });
    const asking = ecrCredentials(client, 'oci://registry').authorization({ url, refused: false });

    await assert.rejects(
      asking,
      (error: unknown) =>
        error instanceof PlumblineError &&
        error.code === 'CredentialsExpired' &&
        error.message.startsWith('oci://registry: ask ECR for a password: ECONNREFUSED'),
    );
    client.destroy();
  });
});
