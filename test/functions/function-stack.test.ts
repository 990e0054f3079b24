import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventFunction } from '../../functions/base/event-function.ts';
import { type FunctionWorld, once, onceAsync } from '../../functions/base/invocation.ts';
import { requestFunction } from '../../functions/base/request-function.ts';
import { sqsFunction } from '../../functions/base/sqs-function.ts';
import { urlFunction } from '../../functions/base/url-function.ts';
import { PlumblineError } from '../../shared/errors.ts';
import type { ErrorCode } from '../../shared/model/problem.ts';
import { lambdaContext, recordedWorld } from './recorded-world.ts';
import { sqsEvent } from './sqs-messages.ts';
import { webhookEvent } from './webhook-event.ts';

const REQUEST_ID = 'a1b2c3d4-0000-4000-8000-000000000001';

function problem(code: ErrorCode): PlumblineError {
  return new PlumblineError([{ code, subject: 'table t', act: 'read', wrong: 'it is away', remedy: 'wait' }]);
}

/** The world with what the stack asks of it, in order. */
function noted(): { readonly world: FunctionWorld; readonly calls: string[]; readonly lines: readonly string[] } {
  const { settings, telemetry, lines, measured } = recordedWorld({ PLUMBLINE_FLEET: 'acme' });
  const calls: string[] = [];
  return {
    calls,
    lines,
    world: {
      settings,
      telemetry: {
        ...telemetry,
        begin: ({ trace, requestId }) => calls.push(`begin ${trace} ${requestId}`),
        error: (message, fields) => {
          calls.push('error');
          telemetry.error(message, fields);
        },
        end: () => calls.push(`end ${measured.join()}`),
      },
    },
  };
}

test('returns what the function returns, and writes the metrics after it', async () => {
  const { world, calls } = noted();
  const handler = requestFunction('render', async (request, { trace }) => ({ request, trace }), world);

  const answer = await handler({ trace: 'push-1', n: 1 }, lambdaContext(REQUEST_ID));

  assert.deepEqual(answer, { request: { trace: 'push-1', n: 1 }, trace: 'push-1' });
  assert.deepEqual(calls, [`begin push-1 ${REQUEST_ID}`, 'end ']);
});

test('takes no trace that is not safe in a log and a header, and none from a stranger', async () => {
  const { world } = noted();
  const trace = requestFunction('render', async (_request, invocation) => invocation.trace, world);
  const byUrl = urlFunction(
    'on-webhook',
    async (_request, invocation) => ({ statusCode: 200, headers: {}, body: invocation.trace }),
    world,
  );

  assert.equal(await trace({ trace: 'a b\n' }, lambdaContext(REQUEST_ID)), REQUEST_ID);
  assert.equal(await trace({ trace: 'x'.repeat(65) }, lambdaContext(REQUEST_ID)), REQUEST_ID);
  assert.equal(await trace('no object', lambdaContext(REQUEST_ID)), REQUEST_ID);
  const url = { ...webhookEvent({ body: '{"trace":"mine"}' }), trace: 'mine' };
  assert.equal((await byUrl(url, lambdaContext(REQUEST_ID))).body, REQUEST_ID);
});

test('logs an error that nobody handled once, counts it, and lets it fail the invocation', async () => {
  const cases = [
    [problem('StateUnavailable'), 'end '],
    [problem('Throttled'), 'end Throttles=1'],
    [problem('InvariantBroken'), 'end BugsFound=1'],
    [new TypeError('x is not a function'), 'end BugsFound=1'],
  ] as const;
  for (const [error, end] of cases) {
    const { world, calls, lines } = noted();
    const handler = eventFunction('on-schedule', () => Promise.reject(error), world);

    await assert.rejects(handler({ id: 'event-1' }, lambdaContext(REQUEST_ID)), error);

    assert.deepEqual(calls, [`begin event-1 ${REQUEST_ID}`, 'error', end]);
    assert.equal(lines.length, 1);
  }
});

test('logs nothing of a text that could not be parsed', async () => {
  const { world, lines } = noted();
  const handler = eventFunction('on-schedule', async () => JSON.parse('hunter2'), world);

  await assert.rejects(handler({}, lambdaContext()), SyntaxError);

  assert.match(lines.join(), /SyntaxError/);
  assert.doesNotMatch(lines.join(), /hunter2/);
});

test('names in a batch what comes again, and fails as a whole only when nothing of it could be handled', async () => {
  const { world, calls } = noted();
  const handler = sqsFunction(
    'plan-fleet',
    async ({ body }) => {
      if (body === '"bug"') throw new Error('a bug');
      return body === '"again"' ? 'again' : 'done';
    },
    world,
  );
  const run = (...bodies: readonly string[]) =>
    handler(sqsEvent(...bodies.map((body) => `"${body}"`)), lambdaContext());

  assert.deepEqual(await run('fine'), { batchItemFailures: [] });
  assert.deepEqual(await run('fine', 'again', 'bug'), {
    batchItemFailures: [{ itemIdentifier: 'message-1' }, { itemIdentifier: 'message-2' }],
  });
  assert.equal(calls.filter((call) => call === 'error').length, 1);
  await assert.rejects(run('bug'), /a bug/);
});

test('opens what a function needs when it is first asked for, once', async () => {
  let made = 0;
  const open = once(() => ++made);
  let tries = 0;
  const openLate = onceAsync(async () => {
    tries += 1;
    if (tries === 1) throw new Error('not yet');
    return tries;
  });

  assert.equal(made, 0);
  assert.deepEqual([open(), open(), made], [1, 1, 1]);
  await assert.rejects(openLate(), /not yet/);
  assert.deepEqual(await Promise.all([openLate(), openLate()]), [2, 2]);
  assert.equal(await openLate(), 2);
});
