import assert from 'node:assert/strict';
import crypto, { createHmac } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { test } from 'node:test';
import { isProven } from '../../../../shared/adapters/forges/claim.ts';
import { claimsOf } from '../../../../shared/adapters/forges/read-webhook.ts';
import { FORGE_REQUESTS, OTHER_SECRET, SECRET } from '../../../functions/forge-requests.ts';

function claimed(scheme: string, secret: string) {
  const { headers, body } = FORGE_REQUESTS[scheme]?.(secret) ?? assert.fail(scheme);
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return claimsOf({ headers: new Map(lower), body: Buffer.from(body) });
}

for (const scheme of Object.keys(FORGE_REQUESTS)) {
  test(`compares the proof of ${scheme} in constant time, as digests of one length`, (t) => {
    const compared = t.mock.method(crypto, 'timingSafeEqual');
    syncBuiltinESMExports();
    t.after(() => {
      compared.mock.restore();
      syncBuiltinESMExports();
    });

    assert.equal(isProven(claimed(scheme, SECRET), [SECRET]), true);
    assert.equal(isProven(claimed(scheme, OTHER_SECRET), [SECRET]), false);

    assert.ok(compared.mock.callCount() >= 2);
    for (const call of compared.mock.calls) {
      assert.deepEqual(
        call.arguments.map(({ byteLength }) => byteLength),
        [32, 32],
      );
    }
  });
}

test("agrees with GitHub's published example of a signature", () => {
  // docs.github.com, "Validating webhook deliveries", "Testing the webhook payload validation".
  const headers = new Map([
    ['x-github-event', 'push'],
    ['x-hub-signature-256', 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'],
  ]);
  const request = { headers, body: Buffer.from('Hello, World!') };

  assert.equal(isProven(claimsOf(request), ["It's a Secret to Everybody"]), true);
  assert.equal(isProven(claimsOf(request), ["It's a secret to everybody"]), false);
});

test('takes the line end of a file for no part of the secret', () => {
  const secret = 'plain';
  assert.equal(isProven(claimed('GitHub', secret), [`${secret}\n`]), true);
  assert.equal(isProven(claimed('GitHub', secret), [`${secret}\r\n`]), true);
  assert.equal(isProven(claimed('GitHub', secret), [`${secret} `]), false);
});

test("does not take GitHub's older signature, which is SHA-1", () => {
  const body = Buffer.from('{}');
  const sha1 = createHmac('sha1', SECRET).update(body).digest('hex');
  const headers = new Map([
    ['x-github-event', 'push'],
    ['x-hub-signature', `sha1=${sha1}`],
  ]);
  assert.deepEqual(claimsOf({ headers, body }), []);
});

test('takes any of the signatures that a sender who replaces its secret sends, and tries no more than four', () => {
  const [claim] = claimed('GitLab by signature', SECRET);
  const signature = claim?.by === 'hmac-base64' ? claim.signature : assert.fail('no signature');
  const sent = (header: string) => {
    const headers = new Map([
      ['x-gitlab-event', 'Push Hook'],
      ['webhook-id', 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f'],
      ['webhook-timestamp', '1795273200'],
      ['webhook-signature', header],
    ]);
    return { headers, body: Buffer.from(FORGE_REQUESTS['GitLab by signature']?.(SECRET).body ?? '') };
  };

  assert.equal(isProven(claimsOf(sent(`v1,AAAA v1a,x v1,${signature}`)), [SECRET]), true);
  assert.equal(isProven(claimsOf(sent('v1,AAAA v1a,x')), [SECRET]), false);
  assert.equal(claimsOf(sent('v1,AAAA '.repeat(100))).length, 4);
});

test('signs what GitLab says that it signs: another id or time stamp is another signature', () => {
  const { headers, body } = FORGE_REQUESTS['GitLab by signature']?.(SECRET) ?? assert.fail();
  for (const name of ['webhook-id', 'webhook-timestamp']) {
    const changed = new Map(
      Object.entries({ ...headers, [name]: '1' }).map(([key, value]) => [key.toLowerCase(), value]),
    );
    assert.equal(isProven(claimsOf({ headers: changed, body: Buffer.from(body) }), [SECRET]), false, name);
  }
});

test('signs nothing with a secret that is no signing token: its key would be empty, and anybody could sign', () => {
  const { headers, body } = FORGE_REQUESTS['GitLab by signature']?.('') ?? assert.fail();
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const claims = claimsOf({ headers: lower, body: Buffer.from(body) });

  assert.equal(claims.length, 1);
  for (const secret of ['plain', 'a longer plain secret', 'whsec_', 'whsec_!']) {
    assert.equal(isProven(claims, [secret]), false, secret);
  }
});

test('takes an empty password for none', () => {
  for (const pair of ['user:', 'user', ':']) {
    const headers = new Map([['authorization', `Basic ${Buffer.from(pair).toString('base64')}`]]);
    assert.deepEqual(claimsOf({ headers, body: Buffer.from('{}') }), [], pair);
  }
});
