import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Pool } from 'undici';
import { guardWrites } from '../../../../shared/adapters/kube/guard-writes.ts';

describe('guarding writes', () => {
  let server: Server;
  let origin: string;
  const received: string[] = [];
  const answers: (() => void)[] = [];

  before(async () => {
    server = createServer((request, response) => {
      received.push(`${request.method} ${request.url}`);
      answers.push(() => response.end('ok'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    origin = `http://127.0.0.1:${address.port}`;
  });
  beforeEach(() => {
    received.length = 0;
    answers.length = 0;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('asks when a connection is free, not when the request is made', async () => {
    let isOver = false;
    const pool = new Pool(origin, { connections: 1, pipelining: 1 });
    const guarded = guardWrites(pool, () => {
      if (isOver) throw new Error('the time is over');
    });
    const first = guarded.request({ method: 'PATCH', path: '/first', body: '{}' });
    const queued = assert.rejects(
      guarded.request({ method: 'PATCH', path: '/second', body: '{}' }),
      /the time is over/,
    );
    while (answers.length === 0) await new Promise(setImmediate);

    isOver = true;
    answers[0]?.();

    assert.equal(await (await first).body.text(), 'ok');
    await queued;
    assert.deepEqual(received, ['PATCH /first']);
    await pool.destroy();
  });

  it('lets reads pass, and the connection serve on', async () => {
    const pool = new Pool(origin, { connections: 1, pipelining: 1 });
    const guarded = guardWrites(pool, () => {
      throw new Error('never');
    });

    await assert.rejects(guarded.request({ method: 'DELETE', path: '/gone' }), /never/);
    const read = guarded.request({ method: 'GET', path: '/read' });
    while (answers.length === 0) await new Promise(setImmediate);
    answers[0]?.();

    assert.equal(await (await read).body.text(), 'ok');
    assert.deepEqual(received, ['GET /read']);
    await pool.destroy();
  });
});
