import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { FORGE_REQUESTS, OTHER_SECRET, SECRET } from './forge-requests.ts';
import { lambdaContext } from './recorded-world.ts';
import { signed } from './webhook-event.ts';
import { ACCEPTED, listening, outcome } from './webhook-listener.ts';

/** The same bytes, one bit of one of them another. */
function flipped(body: string, at: number): Uint8Array {
  const bytes = Buffer.from(body);
  bytes.writeUInt8(bytes.readUInt8(at % bytes.length) ^ 1, at % bytes.length);
  return bytes;
}

for (const [scheme, request] of Object.entries(FORGE_REQUESTS)) {
  describe(scheme, () => {
    test('wakes the fleet for a push that is signed with the current secret', async () => {
      const { recorder, send } = listening();

      assert.deepEqual(outcome(await send(request(SECRET))), ACCEPTED);
      assert.deepEqual(recorder.calls, ['secret', 'wake', 'send']);
      const [delivery] = await recorder.sent.receive({ max: 10, visibilityMs: 1 });
      assert.deepEqual(delivery?.body, { kind: 'fleet', fleet: 'acme', hop: 0, trace: lambdaContext().awsRequestId });
    });

    test('takes the secret before the current one, and no third', async () => {
      const { send } = listening({ current: OTHER_SECRET, previous: SECRET });
      assert.equal((await send(request(SECRET))).statusCode, 202);
      assert.equal((await send(request(OTHER_SECRET))).statusCode, 202);
      assert.equal((await send(request('whsec_dGhpcmQ='))).statusCode, 401);
    });

    test('refuses what another secret signed, without a look at the fleet', async () => {
      const { recorder, world, send } = listening();

      assert.equal((await send(request(OTHER_SECRET))).statusCode, 401);
      assert.deepEqual(recorder.calls, ['secret']);
      assert.deepEqual(world.measured, ['WebhooksRefused=1']);
    });

    test('refuses a request without its proof, without a look at the secret', async () => {
      const { recorder, send } = listening();
      const { headers, body } = request(SECRET);
      const unsigned = Object.entries(headers).filter(([name]) => !/signature|token|authorization/i.test(name));

      assert.equal((await send({ headers: Object.fromEntries(unsigned), body })).statusCode, 401);
      assert.deepEqual(recorder.calls, []);
    });

    test('takes an empty secret for none', async () => {
      const { send } = listening({ current: '' });
      assert.equal((await send(request(''))).statusCode, 401);
    });

    test('reads the body that a function URL encoded in base64', async () => {
      const { send } = listening();
      assert.equal((await send({ ...request(SECRET), base64: true })).statusCode, 202);
    });

    test('does not care for the case of header names', async () => {
      const { send } = listening();
      const { headers, body } = request(SECRET);
      const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      assert.equal((await send({ headers: lower, body })).statusCode, 202);
    });
  });
}

describe('any request', () => {
  const signs = Object.entries(FORGE_REQUESTS).filter(([name]) => !/token|Azure/.test(name));

  test('is refused when one bit of the signed body is another', async () => {
    const { send } = listening();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...signs), fc.nat(), async ([, request], at) => {
        const { headers, body } = request(SECRET);
        assert.equal((await send({ headers, body: flipped(body, at), base64: true })).statusCode, 401);
      }),
    );
  });

  test('with a wrong signature is refused, whatever its body', async () => {
    const { recorder, send } = listening();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), fc.string(), async (body, secret) => {
        const headers = { 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${signed(`${secret}!`, body)}` };
        assert.equal((await send({ headers, body, base64: true })).statusCode, 401);
      }),
    );
    assert.ok(!recorder.calls.includes('wake'));
  });

  test('with the right signature is never refused for it, and never makes the function throw', async () => {
    const { recorder, send } = listening();
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .constantFrom(...Object.values(FORGE_REQUESTS))
        .chain((request) => fc.nat().map((at) => flipped(request(SECRET).body, at))),
    );
    const headersOf = fc.constantFrom<(body: Uint8Array) => Readonly<Record<string, string>>>(
      (body) => ({ 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${signed(SECRET, body)}` }),
      (body) => ({ 'x-gitea-event': 'create', 'x-gitea-signature': signed(SECRET, body) }),
      (body) => ({ 'x-event-key': 'repo:push', 'x-hub-signature': `sha256=${signed(SECRET, body)}` }),
      (body) => ({ 'x-event-key': 'repo:refs_changed', 'x-hub-signature': `sha256=${signed(SECRET, body)}` }),
      (body) => ({ 'x-plumbline-signature': `sha256=${signed(SECRET, body)}` }),
      () => ({ 'x-gitlab-token': SECRET }),
      () => ({ authorization: `Basic ${Buffer.from(`:${SECRET}`).toString('base64')}` }),
    );
    await fc.assert(
      fc.asyncProperty(bodies, headersOf, async (body, headers) => {
        const { statusCode } = await send({ headers: headers(body), body, base64: true });
        assert.ok([200, 202, 400].includes(statusCode), String(statusCode));
      }),
      { numRuns: 500 },
    );
    assert.ok(recorder.calls.includes('secret'));
  });

  test('is answered whatever its headers and path', async () => {
    const { send } = listening();
    const headers = fc.dictionary(
      fc.constantFrom('authorization', 'x-hub-signature-256', 'x-github-event', 'x-gitlab-token', 'webhook-id'),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(headers, fc.string(), fc.boolean(), async (given, body, base64) => {
        const { statusCode } = await send({ headers: given, body, base64 });
        assert.equal(statusCode, 401);
      }),
    );
  });
});
