import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PlumblineError } from '../../shared/errors.ts';
import type { ErrorCode } from '../../shared/model/problem.ts';
import { COMMIT, FORGE_REQUESTS, OTHER_SECRET, SECRET } from './forge-requests.ts';
import { signed } from './webhook-event.ts';
import { ACCEPTED, ARN, listening, outcome } from './webhook-listener.ts';

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
      reason: 'GitHub: the body is no JSON',
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

  test('gets no answer that grows with it', async () => {
    const { send } = listening();
    const body = JSON.stringify({ repository: 'https://git.example.com/x', ref: 'x'.repeat(100_000) });
    const headers = { 'x-plumbline-signature': `sha256=${signed(SECRET, body)}` };
    const { statusCode, reason } = await send({ headers, body });
    assert.equal(statusCode, 202);
    assert.ok(reason.length <= 300);
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
      ['secret', 'StateUnavailable'],
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

  test('whose secret does not exist is an error of the function: sending it again would not help', async () => {
    const { recorder, send } = listening();
    recorder.fail('secret', fault('ConfigInvalid'));
    await assert.rejects(send(push), /ServiceUnavailable/);
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
