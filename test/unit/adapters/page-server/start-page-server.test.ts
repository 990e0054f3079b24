import assert from 'node:assert/strict';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { startPageServer } from '../../../../shared/adapters/page-server/start-page-server.ts';
import { PlumblineError } from '../../../../shared/errors.ts';

const asked: string[] = [];
const troubles: unknown[] = [];
const server = await startPageServer({
  port: 0,
  styleSource: "'sha256-abc'",
  onTrouble: (error) => troubles.push(error),
  read: async (path, query) => {
    asked.push(`${path}?${query}`);
    if (path === '/broken') throw new Error('secret path /home/ana');
    return { status: path === '/nowhere' ? 404 : 200, html: `<p>${path}</p>` };
  },
});
const port = Number(new URL(server.url).port);
after(() => server.close());

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(path: string, options: { readonly method?: string; readonly host?: string } = {}): Promise<Reply> {
  const { method = 'GET', host = `127.0.0.1:${port}` } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers: { host } }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject).end();
  });
}

test('serves what is read, with path and query', async () => {
  const { status, headers, body } = await ask('/clusters/a%20b?refresh=off');

  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(body, '<p>/clusters/a%20b</p>');
  assert.equal(asked.at(-1), '/clusters/a%20b?refresh=off');
});

test('passes the status on', async () => {
  assert.equal((await ask('/nowhere')).status, 404);
});

test('lets the browser load, run, send and frame nothing, and keep nothing', async () => {
  const { headers } = await ask('/');

  assert.equal(
    headers['content-security-policy'],
    "default-src 'none'; style-src 'sha256-abc'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.equal(headers['cache-control'], 'no-store');
});

test('answers to its own names only, so that no other site can read it', async () => {
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, `LOCALHOST:${port}`]) {
    assert.equal((await ask('/', { host })).status, 200, host);
  }
  const before = asked.length;
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    'localhost',
    `localhost:${port + 1}`,
    `127.0.0.1.evil:${port}`,
    `localhost:${port}@evil`,
  ]) {
    const { status, headers } = await ask('/', { host });
    assert.equal(status, 403, host);
    assert.match(String(headers['content-security-policy']), /^default-src 'none'/);
  }
  assert.equal(asked.length, before, 'nothing is read for them');
});

test('refuses a request that names no host', async () => {
  const socket = connect({ host: '127.0.0.1', port });
  socket.end('GET / HTTP/1.0\r\n\r\n');

  assert.match(await text(socket), /^HTTP\/1\.1 403 /);
});

test('refuses every method that could mean a change', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const { status, headers } = await ask('/', { method });
    assert.equal(status, 405, method);
    assert.equal(headers.allow, 'GET, HEAD');
  }
});

test('answers HEAD with the headers alone', async () => {
  const { status, headers, body } = await ask('/', { method: 'HEAD' });

  assert.deepEqual([status, headers['content-length'], body], [200, '8', '']);
});

test('takes a path that looks like a host for a path', async () => {
  assert.equal((await ask('//evil.example/x')).body, '<p>//evil.example/x</p>');
});

test('tells the log what went wrong, and the browser only that something did', async () => {
  const { status, body } = await ask('/broken');

  assert.equal(status, 500);
  assert.equal(body, 'the page could not be made; see the log\n');
  assert.match(String(troubles.at(-1)), /secret path/);
});

test('says which port is taken and what to do', async () => {
  const second = startPageServer({ port, styleSource: '', onTrouble: () => {}, read: () => Promise.reject() });

  await assert.rejects(second, (error) => {
    assert.ok(error instanceof PlumblineError);
    assert.equal(error.code, 'ConfigInvalid');
    assert.match(
      error.message,
      new RegExp(`^127\\.0\\.0\\.1:${port}: serve the page: another program listens there; .*--port`),
    );
    return true;
  });
});

test('ends open connections when it is closed', async () => {
  const own = await startPageServer({
    port: 0,
    styleSource: '',
    onTrouble: () => {},
    read: async () => ({ status: 200, html: '' }),
  });
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(own.url).port) });
  const ended = new Promise((resolve) => socket.once('close', resolve).once('error', () => {}));
  await new Promise((resolve) => socket.once('connect', resolve));

  await own.close();

  await ended;
  await assert.rejects(fetch(own.url));
});

test('listens on loopback alone', () => {
  assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
});
