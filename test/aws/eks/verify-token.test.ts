import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { signToken } from '../../../shared/adapters/eks/cluster-token.ts';
import { KnownIdentities } from './identities.ts';
import { type TokenRule, type VerifiedToken, verifyToken } from './verify-token.ts';

const KEY = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'TOK/EN+==' };
const SESSION = 'arn:aws:sts::111122223333:assumed-role/deployer/plumbline-shop';
const SUBJECT = { name: 'prod', region: 'eu-west-1', cluster: 'prod-eu' };
const NOW = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;

const identities = new KnownIdentities();
identities.add(KEY.accessKeyId, { ...KEY, arn: SESSION });
identities.add('AKIALASTING', { secretAccessKey: 'secret', arn: 'arn:aws:iam::111122223333:user/ana' });

function verify(token: string, { cluster = 'prod', partition = 'aws', nowMs = NOW } = {}): Promise<VerifiedToken> {
  return verifyToken(token, { cluster, partition, nowMs, findIdentity: identities.find });
}

function encode(url: string): string {
  return `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
}

/** A good token whose URL is changed before it is encoded again. */
async function changed(change: (url: string) => string): Promise<string> {
  const url = Buffer.from((await signToken(SUBJECT, KEY, NOW)).slice('k8s-aws-v1.'.length), 'base64url').toString();
  const other = change(url);
  assert.notEqual(other, url, 'the test changes nothing');
  return encode(other);
}

async function assertBreaks(rule: TokenRule, token: string | Promise<string>): Promise<void> {
  const verified = await verify(await token);
  assert.equal(verified.ok, false);
  assert.equal(verified.ok ? '' : verified.rule, rule);
}

describe('the token check of a cluster', () => {
  test('lets in what we sign, and names the role behind the session', async () => {
    const verified = await verify(await signToken(SUBJECT, KEY, NOW));

    assert.deepEqual(verified, {
      ok: true,
      arn: SESSION,
      canonicalArn: 'arn:aws:iam::111122223333:role/deployer',
      accessKeyId: KEY.accessKeyId,
    });
  });

  test('lets in keys that last, which have no session token', async () => {
    const token = await signToken(SUBJECT, { accessKeyId: 'AKIALASTING', secretAccessKey: 'secret' }, NOW);

    assert.equal((await verify(token)).ok, true);
  });

  test('takes STS of any region of the partition, its FIPS and dual-stack hosts, and no other host', async () => {
    const verdicts: Record<string, string> = {};
    const hosts = [
      'sts.us-east-1.amazonaws.com',
      'sts-fips.us-east-1.amazonaws.com',
      'sts.eu-west-1.api.aws',
      'sts.amazonaws.com',
    ];
    for (const host of [
      ...hosts,
      'sts.cn-north-1.amazonaws.com.cn',
      'sts.evil.com',
      'sts.eu-west-1.amazonaws.com.evil.com',
    ]) {
      const verified = await verify(await changed((url) => url.replace(/\/\/[^/]+/, `//${host}`).concat('&')));
      verdicts[host] = verified.ok ? 'ok' : verified.rule;
    }

    // The host is signed: past that rule the signature fails.
    assert.deepEqual(verdicts, {
      ...Object.fromEntries(hosts.map((host) => [host, 'signature'])),
      'sts.cn-north-1.amazonaws.com.cn': 'host',
      'sts.evil.com': 'host',
      'sts.eu-west-1.amazonaws.com.evil.com': 'host',
    });
  });

  test('takes tokens of the partitions in China and for governments there alone', async () => {
    for (const [region, partition] of [
      ['cn-north-1', 'aws-cn'],
      ['us-gov-west-1', 'aws-us-gov'],
      ['eu-west-1', 'aws'],
    ] as const) {
      const token = await signToken({ ...SUBJECT, region }, KEY, NOW);

      assert.equal((await verify(token, { partition })).ok, true, region);
      const elsewhere = await verify(token, { partition: partition === 'aws' ? 'aws-cn' : 'aws' });
      assert.equal(elsewhere.ok ? '' : elsewhere.rule, 'host', region);
    }
  });

  test('refuses more than 4,096 characters', () => assertBreaks('length', `k8s-aws-v1.${'a'.repeat(4_086)}`));

  test('refuses another prefix', async () =>
    assertBreaks('prefix', (await signToken(SUBJECT, KEY, NOW)).replace('v1', 'v2')));

  test('refuses base64 with padding or of the other alphabet', async () => {
    await assertBreaks('base64', `${encode('https://sts.amazonaws.com/ab')}=`);
    await assertBreaks('base64', 'k8s-aws-v1.a+b/');
  });

  test('refuses what is no URL', () => assertBreaks('url', encode('sts')));

  test('refuses plain HTTP', () =>
    assertBreaks(
      'scheme',
      changed((url) => url.replace('https:', 'http:')),
    ));

  test('refuses another path', () =>
    assertBreaks(
      'path',
      changed((url) => url.replace('/?', '/sts?')),
    ));

  test('refuses a parameter given twice, in whatever case', () =>
    assertBreaks(
      'duplicate parameter',
      changed((url) => `${url}&action=GetCallerIdentity`),
    ));

  test('refuses parameters that STS need not be told, such as x-id of the AWS SDK', () =>
    assertBreaks(
      'unknown parameter',
      changed((url) => `${url}&x-id=GetCallerIdentity`),
    ));

  test('refuses any other action', () =>
    assertBreaks(
      'action',
      changed((url) => url.replace('GetCallerIdentity', 'AssumeRole')),
    ));

  test('refuses a request that is not signed for a cluster', () =>
    assertBreaks(
      'signed header',
      changed((url) => url.replace('%3Bx-k8s-aws-id', '')),
    ));

  test('refuses what is said to be good for more than 15 minutes, or for no time', async () => {
    await assertBreaks(
      'expires',
      changed((url) => url.replace('Expires=60', 'Expires=901')),
    );
    await assertBreaks(
      'expires',
      changed((url) => url.replace('Expires=60', 'Expires=-1')),
    );
    await assertBreaks(
      'expires',
      changed((url) => url.replace('Expires=60', 'Expires=')),
    );
  });

  test('refuses a date of another form', () =>
    assertBreaks(
      'date',
      changed((url) => url.replace(/Date=\w+/, 'Date=2026-11-21')),
    ));

  test('refuses a token of more than 15 minutes ago', async () => {
    const token = await signToken(SUBJECT, KEY, NOW);

    assert.equal((await verify(token, { nowMs: NOW + 15 * MINUTE })).ok, true);
    const late = await verify(token, { nowMs: NOW + 15 * MINUTE + 1 });
    assert.equal(late.ok ? '' : late.rule, 'expired');
  });

  test('refuses a key that nobody has', async () =>
    assertBreaks('access key', signToken(SUBJECT, { ...KEY, accessKeyId: 'ASIAUNKNOWN' }, NOW)));

  test('refuses the session token of another', async () => {
    await assertBreaks('session token', signToken(SUBJECT, { ...KEY, sessionToken: 'other' }, NOW));
    const { sessionToken: _left, ...bare } = KEY;
    await assertBreaks('session token', signToken(SUBJECT, bare, NOW));
  });

  test('refuses what another secret signed, and what was signed for another cluster', async () => {
    await assertBreaks('signature', signToken(SUBJECT, { ...KEY, secretAccessKey: 'other' }, NOW));
    await assertBreaks('signature', signToken({ ...SUBJECT, name: 'staging' }, KEY, NOW));
  });
});

describe('a token of a long session', () => {
  test('stands within 4,096 characters up to some 2,600 of the session token', async () => {
    const token = await signToken(SUBJECT, { ...KEY, sessionToken: 'A'.repeat(1_200) }, NOW);

    assert.ok(token.length < 2_200, `${token.length}`);
  });

  test('is an error that says what makes it long, not a refusal by the cluster', async () => {
    const signing = signToken(SUBJECT, { ...KEY, sessionToken: 'A'.repeat(3_000) }, NOW);

    await assert.rejects(
      signing,
      /^PlumblineError: prod-eu: sign the token: .*EKS takes 4096; 3000 come from the session token; use a role/,
    );
  });
});
