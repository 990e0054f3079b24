import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { onWebhook, type WebhookOptions } from '../../functions/on-webhook.ts';
import type { Secret } from '../../shared/adapters/secrets-manager/secret-reader.ts';
import { PlumblineError } from '../../shared/errors.ts';
import type { ErrorCode } from '../../shared/model/problem.ts';
import { COMMIT, FORGE_REQUESTS, OTHER_SECRET, SECRET } from './forge-requests.ts';
import { lambdaContext, recordedWorld } from './recorded-world.ts';
import { wakeRecorder } from './wake-recorder.ts';
import { type SentWebhook, signed, webhookEvent } from './webhook-event.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:github-Ab12Cd';
const VARIABLES = {
  PLUMBLINE_FLEET: 'acme',
  PLUMBLINE_BRANCH: 'main',
  PLUMBLINE_REPOSITORY: JSON.stringify({ git: { url: 'https://git.example.com/acme/fleet.git' } }),
  PLUMBLINE_WEBHOOK_SECRETS: JSON.stringify({ github: ARN }),
};
const ACCEPTED = { statusCode: 202, reason: 'refs/heads/main of the fleet repository moved' };

function listening(secret: Secret = { current: SECRET }, options: Pick<WebhookOptions, 'answerWithinMs'> = {}) {
  const recorder = wakeRecorder();
  const read: string[] = [];
  const secrets = {
    read: async (arn: string) => {
      read.push(arn);
      recorder.calls.push('secret');
      return secret;
    },
  };
  const world = recordedWorld(VARIABLES);
  const handler = onWebhook(() => ({ ...recorder, secrets }), { world, ...options });
  const send = async (sent: SentWebhook) => {
    const { statusCode, headers, body } = await handler(webhookEvent(sent), lambdaContext());
    assert.equal(headers['content-type'], 'application/json');
    assert.doesNotMatch(body, /\n|\bat .*:\d+:\d+/, 'one line, no stack trace');
    return { statusCode, reason: JSON.parse(body).reason, headers };
  };
  return { recorder, world, read, send };
}

const outcome = ({ statusCode, reason }: { readonly statusCode: number; readonly reason: string }) => ({
  statusCode,
  reason,
});

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

describe('the sender', () => {
  test('is unknown unless its name is configured, and then nobody is asked', async () => {
    const { recorder, send } = listening();
    for (const path of ['/', '/gitlab', '/github/other', '/constructor', '/__proto__', '/%67ithub']) {
      assert.equal((await send({ ...FORGE_REQUESTS.GitHub?.(SECRET), path })).statusCode, 404, path);
    }
    assert.deepEqual(recorder.calls, []);
  });

  test('is named by the last part of the path', async () => {
    const { read, send } = listening();
    for (const path of ['/github', '/github/', '/hooks/github']) {
      assert.equal((await send({ ...FORGE_REQUESTS.GitHub?.(SECRET), path })).statusCode, 202, path);
    }
    assert.deepEqual(read, [ARN, ARN, ARN]);
  });

  test('has to POST', async () => {
    const { recorder, send } = listening();
    const answer = await send({ ...FORGE_REQUESTS.GitHub?.(SECRET), method: 'GET' });
    assert.equal(answer.statusCode, 405);
    assert.equal(answer.headers.allow, 'POST');
    assert.deepEqual(recorder.calls, []);
  });
});

describe('the body', () => {
  const github = (body: string | Uint8Array, event = 'push') => ({
    headers: { 'x-github-event': event, 'x-hub-signature-256': `sha256=${signed(SECRET, body)}` },
    body,
  });

  test('may be a form, as GitHub can be told to send it', async () => {
    const { send } = listening();
    const form = new URLSearchParams({ payload: FORGE_REQUESTS.GitHub?.(SECRET).body ?? '' }).toString();
    const { headers } = github(form);
    const asForm = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };

    assert.equal((await send({ headers: asForm, body: form, base64: true })).statusCode, 202);
    assert.deepEqual(outcome(await send({ headers: { ...asForm, ...github('a=b').headers }, body: 'a=b' })), {
      statusCode: 400,
      reason: 'GitHub: the form has no field "payload"',
    });
  });

  test('may be 1 MiB and no byte more', async () => {
    const { recorder, send } = listening();
    const mebibyte = Buffer.alloc(1024 * 1024, ' ');
    mebibyte.write(FORGE_REQUESTS.GitHub?.(SECRET).body ?? '');

    assert.equal((await send({ ...github(mebibyte), base64: true })).statusCode, 202);
    recorder.calls.length = 0;
    const larger = Buffer.concat([mebibyte, Buffer.from(' ')]);
    assert.equal((await send({ ...github(larger), base64: true })).statusCode, 413);
    assert.equal((await send(github(larger))).statusCode, 413);
    assert.deepEqual(recorder.calls, []);
  });

  test('that is nonsense is refused with what is wrong, and nothing of what it holds', async () => {
    const { world, send } = listening();
    assert.deepEqual(outcome(await send(github('{'))), { statusCode: 400, reason: 'GitHub: the body is no JSON' });
    assert.deepEqual(outcome(await send({ ...github(Buffer.from([0xff, 0xfe])), base64: true })), {
      statusCode: 400,
      reason: 'GitHub: the body is no UTF-8',
    });
    const { statusCode, reason } = await send(github(JSON.stringify({ ref: { secret: 'hunter2' } })));
    assert.equal(statusCode, 400);
    assert.match(reason, /^GitHub: ref: /);
    assert.doesNotMatch(world.lines.join('\n'), /hunter2/);
  });

  test('of no interest, or a ping, is answered and no more', async () => {
    const { recorder, send } = listening();
    assert.deepEqual(outcome(await send(github('{}', 'ping'))), { statusCode: 200, reason: 'the webhook works' });
    assert.deepEqual(outcome(await send(github('{}', 'star'))), {
      statusCode: 200,
      reason: 'the event is none of push, create and delete',
    });
    assert.deepEqual(recorder.calls, ['secret', 'secret']);
  });

  test('that moves ten refs wakes once', async () => {
    const { recorder, send } = listening();
    const changes = Array.from({ length: 10 }, (_, at) => ({
      ref: { id: at === 7 ? 'refs/heads/main' : `refs/heads/${at}` },
      toHash: COMMIT,
    }));
    const links = { clone: [{ href: 'https://git.example.com/acme/fleet.git' }] };
    const body = JSON.stringify({ repository: { links }, changes });
    const headers = { 'x-event-key': 'repo:refs_changed', 'x-hub-signature': `sha256=${signed(SECRET, body)}` };

    assert.deepEqual(outcome(await send({ headers, body })), ACCEPTED);
    assert.deepEqual(recorder.calls, ['secret', 'wake', 'send']);
  });
});

describe('the fleet', () => {
  const push = FORGE_REQUESTS.GitHub?.(SECRET) ?? {};
  const fault = (code: ErrorCode) =>
    new PlumblineError([{ code, subject: 'table plumbline', act: 'wake', wrong: 'ServiceUnavailable', remedy: '' }]);

  test('is woken again by the same request, and nothing else happens', async () => {
    const { recorder, send } = listening();
    await send(push);
    await send(push);
    assert.equal((await recorder.store.readFleet('acme'))?.work.wanted, 2);
    assert.equal(recorder.sent.size, 2);
  });

  test('that cannot be woken now makes the forge send again', async () => {
    for (const [call, code] of [
      ['wake', 'StateUnavailable'],
      ['send', 'Throttled'],
    ] as const) {
      const { recorder, world, send } = listening();
      recorder.fail(call, fault(code));

      const answer = await send(push);

      assert.equal(answer.statusCode, 503);
      assert.equal(answer.headers['retry-after'], '30');
      assert.doesNotMatch(answer.reason, /plumbline|ServiceUnavailable/);
      assert.match(world.lines.join('\n'), new RegExp(`"level":"error".*${code}`));
    }
  });

  test('that does not answer in time makes the forge send again', async () => {
    for (const call of ['wake', 'send']) {
      const { recorder, world, send } = listening({ current: SECRET }, { answerWithinMs: 20 });
      recorder.hang(call);

      assert.equal((await send(push)).statusCode, 503);
      assert.match(world.lines.join('\n'), /DeadlineNear/);
    }
  });

  test('that a bug of ours keeps from being woken counts as an error of the function', async () => {
    const { recorder, world, send } = listening();
    recorder.fail('wake', new TypeError('wanted is no function'));
    await assert.rejects(send(push), /wanted is no function/);
    assert.ok(world.measured.includes('BugsFound=1'));
  });
});

test('writes neither secrets nor signatures nor bodies to the log', async () => {
  const { world, send } = listening();
  for (const request of Object.values(FORGE_REQUESTS)) {
    await send(request(SECRET));
    await send(request(OTHER_SECRET));
  }
  assert.ok(world.lines.length > 0);
  assert.doesNotMatch(world.lines.join('\n'), /whsec_|Basic |sha256=|refUpdates/);
});
