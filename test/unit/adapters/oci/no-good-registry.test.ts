import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { ana, BASIC, complaint, described, sourceAt } from './oci-under-test.ts';

describe('a server that is no good registry', () => {
  type Answer = (request: IncomingMessage, response: ServerResponse) => void;
  let answer: Answer = (_request, response) => response.end();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.authorization ?? '-'}`);
    answer(request, response);
  });
  let host = '';
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    host = typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '';
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const CASES: readonly (readonly [string, Answer, RegExp])[] = [
    [
      'answers 404 to everything',
      (_, response) => response.writeHead(404).end(),
      /SourceNotFound .*there is no such repository/,
    ],
    [
      'answers 500',
      (_, response) => response.writeHead(500).end(),
      /SourceUnreachable .*HOST answers 500; it is tried again/,
    ],
    [
      'limits the rate',
      (_, response) => response.writeHead(429).end(),
      /Throttled .*HOST answers 429; it is tried again/,
    ],
    [
      'asks for more patience than we have',
      (_, response) => response.writeHead(429, { 'retry-after': '3600' }).end(),
      /Throttled .*HOST answers 429/,
    ],
    [
      'breaks off',
      (_, response) => response.destroy(),
      /SourceUnreachable .*the connection to HOST failed \(ECONNRESET\)/,
    ],
    [
      'ends before the length it announced',
      (_, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{', () => response.destroy());
      },
      /SourceUnreachable .*the connection to HOST failed/,
    ],
    ['gives a page', (_, response) => response.end('<html>'), /SourceNotFound .*its manifest is none of OCI/],
    [
      'gives another manifest than it says',
      (_, response) => {
        response.writeHead(200, { 'docker-content-digest': `sha256:${'0'.repeat(64)}` }).end('{}');
      },
      /what came has the digest sha256:44136f.*, and sha256:0{64} was promised/,
    ],
    [
      'redirects to what hands out credentials',
      (_, response) => response.writeHead(307, { location: 'https://169.254.169.254/latest/' }).end(),
      /it redirects to https:\/\/169.254.169.254, and 169.254.169.254 is a link-local address/,
    ],
    [
      'redirects in a circle',
      (request, response) => response.writeHead(307, { location: `${request.url}` }).end(),
      /it redirects in a circle/,
    ],
    [
      'sends us for a token to what is not encrypted',
      (_, response) =>
        response.writeHead(401, { 'www-authenticate': 'Bearer realm="http://evil.example.com/token"' }).end(),
      /the registry sends us to the token server "http:\/\/evil.example.com": http:\/\/evil.example.com is not encrypted/,
    ],
    [
      'asks for credentials in a way of its own',
      (_, response) => response.writeHead(401, { 'www-authenticate': 'Negotiate' }).end(),
      /answers 401 and asks for nothing that we know/,
    ],
    ['is larger than is read', (_, response) => response.end(Buffer.alloc(5 * 1024 * 1024)), /it is larger than 4 MiB/],
  ];
  for (const [what, act, message] of CASES) {
    it(`${what}: an error that says so`, async () => {
      answer = act;

      assert.match(await complaint(host), message);
    });
  }

  it('is tried again after the time that it asks for', async () => {
    let refused = 0;
    answer = (_request, response) => {
      refused += 1;
      if (refused < 3) response.writeHead(503, { 'retry-after': '0' }).end();
      else response.writeHead(404).end();
    };

    assert.match(await complaint(host), /there is no such repository/);
    assert.ok(refused >= 3);
  });

  it('sends our credentials to no other host', async () => {
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    answer = (request, response) => {
      const isAsked = request.headers.authorization !== undefined;
      if (!isAsked) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      else response.writeHead(307, { location: `http://127.0.0.1:${port}/elsewhere` }).end();
    };
    requests.length = 0;

    await complaint(host, ana);
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));

    assert.ok(
      requests.some((request) => request.endsWith(BASIC)),
      'the registry itself gets them',
    );
    assert.ok(seen.length > 0, 'the redirect is followed');
    assert.ok(
      seen.every((authorization) => authorization === undefined),
      'nobody else gets them',
    );
  });

  it('is the only one who says which token server gets our credentials', async () => {
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      const realm = `http://${request.headers.host}/token`;
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    answer = (_request, response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/elsewhere` }).end();

    const message = await complaint(host, ana);
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));

    assert.match(message, /answers 401 and asks for nothing that we know/);
    assert.ok(seen.length > 0, 'the redirect is followed');
    assert.deepEqual(
      seen.filter((authorization) => authorization !== undefined),
      [],
    );
  });

  it('tells of its artifacts in one line that fits into the state', async () => {
    const annotations = { 'org.opencontainers.image.title': `a\n\u001b[31m${'b'.repeat(1_000_000)}` };
    const body = JSON.stringify({ config: described(), layers: [described()], annotations });
    answer = (_request, response) => response.writeHead(200).end(body);

    const { subject } = await sourceAt(host).resolve('v1');

    assert.match(subject, /^a \[31mb+…$/);
    assert.ok(subject.length < 250, `${subject.length}`);
  });

  it('is asked for no more than a head while a tag stays where it is', async () => {
    const manifest = { config: described(), layers: [described()] };
    const body = JSON.stringify(manifest);
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    const methods: string[] = [];
    answer = (request, response) => {
      methods.push(`${request.method}`);
      response.writeHead(200, { 'docker-content-digest': digest }).end(body);
    };
    const source = sourceAt(host);

    for (let look = 0; look < 3; look += 1) await source.resolve('v1');

    assert.deepEqual(methods, ['GET', 'HEAD', 'HEAD']);
  });

  it('that does not listen is said to refuse connections', async () => {
    assert.match(await complaint('127.0.0.1:1'), /SourceUnreachable .*HOST refuses connections; check the address/);
  });
});
