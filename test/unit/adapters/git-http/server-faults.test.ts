/** What a Git server may answer instead of Git. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { afterEach, describe, it } from 'node:test';
import { type GitCredentials, secretCredentials } from '../../../../shared/adapters/git-http/git-credentials.ts';
import { GitHttpSource } from '../../../../shared/adapters/git-http/git-http-source.ts';
import { refusedWith } from './refused-with.ts';
import { type ServedRepository, SHORT_WAITS, serveRepository } from './served-repository.ts';

const PASSWORD = 'correct-horse-battery';
const withPassword = (name = 'fleet'): GitCredentials => secretCredentials(name, async () => `ana:${PASSWORD}`);

describe('a Git server that does not answer with Git', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let served: ServedRepository | undefined;
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    await served?.remove();
    served = undefined;
  });

  const listen = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const address = server.address();
    return typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
  };
  const answerOnce =
    (status: number, headers: Readonly<Record<string, string>> = {}) =>
    (count: number, response: ServerResponse): boolean => {
      if (count > 1) return false;
      response.writeHead(status, headers).end();
      return true;
    };
  const serveAfter = async (
    answer: (count: number, response: ServerResponse, request: IncomingMessage) => boolean,
  ): Promise<ServedRepository> => {
    let count = 0;
    served = await serveRepository({
      before: (request, response) => {
        count += 1;
        return answer(count, response, request);
      },
    });
    await served.push('first', { 'a.yaml': 'a: 1\n' });
    return served;
  };
  const open = (url: string, credentials?: GitCredentials): GitHttpSource =>
    new GitHttpSource({ url: `${url}/fleet.git`, limits: SHORT_WAITS, ...(credentials && { credentials }) });

  it('is unreachable when nobody listens, or nobody knows the name', async () => {
    const url = await listen(() => {});
    for (const close of closing.splice(0)) await close();

    await assert.rejects(open(url).resolve('main'), refusedWith('SourceUnreachable', /refuses connections; check/));
    await assert.rejects(
      open('https://git.invalid').resolve('main'),
      refusedWith(
        'SourceUnreachable',
        /^https:\/\/git\.invalid\/fleet\.git: read refs: the name of the host is not known/,
      ),
    );
  });

  it('is unreachable when it keeps silent, before its answer or within it', async () => {
    const mute = await listen(() => {});
    const stuck = await listen((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' }).write('001e# serv');
    });

    for (const url of [mute, stuck]) {
      const source = new GitHttpSource({ url, limits: { ...SHORT_WAITS, silenceMs: 100 } });
      await assert.rejects(source.resolve('main'), refusedWith('SourceUnreachable', /no answer within 0\.1 s; check/));
    }
  });

  it('is asked again when it breaks off, and is unreachable when it always does', async () => {
    const { open: openServed } = await serveAfter((count, response) => {
      if (count === 1) response.destroy();
      return count === 1;
    });
    const short = await listen((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' }).end('001e# serv');
    });

    assert.equal((await openServed().resolve('main')).subject, 'first');
    await assert.rejects(open(short).resolve('main'), refusedWith('SourceUnreachable', /the answer breaks off/));
  });

  it('is asked again after 429, 500 and 503, and not for longer than it has patience for', async () => {
    for (const status of [429, 500, 503]) {
      const { open: openServed, server } = await serveAfter(answerOnce(status, { 'retry-after': '0' }));

      assert.equal((await openServed().resolve('main')).subject, 'first', `${status}`);
      assert.deepEqual(server.requests.slice(0, 2), ['GET /fleet.git/info/refs', 'GET /fleet.git/info/refs']);
      await served?.remove();
      served = undefined;
    }
    for (const status of [429, 503]) {
      const busy = await listen((_, response) => response.writeHead(status, { 'retry-after': '3600' }).end());

      await assert.rejects(open(busy).resolve('main'), refusedWith('Throttled', new RegExp(`answers ${status}`)));
    }
    const broken = await listen((_, response) => response.writeHead(500).end());
    await assert.rejects(open(broken).resolve('main'), refusedWith('SourceUnreachable', /answers 500/));
  });

  it('wants credentials, or others than ours, and neither is ever quoted', async () => {
    for (const status of [401, 403]) {
      const closed = await listen((_, response) => response.writeHead(status).end());

      await assert.rejects(
        open(closed).resolve('main'),
        refusedWith('SourceNotFound', new RegExp(`answers ${status}; it wants credentials.*spec\\.git\\.credentials`)),
      );
      await assert.rejects(open(closed, withPassword()).resolve('main'), (error: unknown) => {
        assert.ok(!String(error).includes(PASSWORD) && !String(error).includes('ana'));
        return refusedWith('CredentialsExpired', /to our credentials; renew them/)(error);
      });
    }
  });

  it('accepts credentials that were renewed since we read them', async () => {
    const { open: openServed } = await serveAfter((_, response, request) => {
      const isNew = request.headers.authorization === `Basic ${Buffer.from('ana:new').toString('base64')}`;
      if (!isNew) response.writeHead(401).end();
      return !isNew;
    });
    const credentials = secretCredentials('fleet', async ({ fresh }) => (fresh ? 'ana:new' : 'ana:old'));

    assert.equal((await openServed({ credentials }).resolve('main')).subject, 'first');
  });

  it('has no such repository', async () => {
    const { server } = await serveAfter(() => false);
    const source = new GitHttpSource({ url: `${server.url}/other.git`, limits: SHORT_WAITS });

    await assert.rejects(source.resolve('main'), refusedWith('SourceNotFound', /answers 404; check the address/));
  });

  it('is a web page', async () => {
    const page = await listen((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));

    await assert.rejects(
      open(page).resolve('main'),
      refusedWith('SourceNotFound', /"text\/html".* no Git over smart HTTP/),
    );
  });

  it('has moved the repository within its host', async () => {
    const { server } = await serveAfter((_, response, request) => {
      const isOld = request.url?.startsWith('/old.git/') ?? false;
      if (isOld) response.writeHead(301, { location: `${request.url}`.replace('/old.git/', '/fleet.git/') }).end();
      return isOld;
    });
    const source = new GitHttpSource({ url: `${server.url}/old.git`, limits: SHORT_WAITS });

    assert.equal((await source.resolve('main')).subject, 'first');
    await source.resolve('main');
    assert.equal(server.requests.filter((line) => line.includes('/old.git')).length, 1);
  });

  it('has moved the repository to another host, where no credentials are sent', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = await listen((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(404).end();
    });
    const moved = await listen((request, response) =>
      response.writeHead(302, { location: `${elsewhere}${request.url}` }).end(),
    );

    await assert.rejects(
      open(moved, withPassword()).resolve('main'),
      refusedWith('SourceNotFound', new RegExp(`it redirects to ${elsewhere}; declare the address`)),
    );
    assert.deepEqual(seen, []);
  });

  it('redirects in a circle, or to nowhere', async () => {
    const circle = await listen((request, response) => response.writeHead(302, { location: `${request.url}` }).end());
    const nowhere = await listen((_, response) => response.writeHead(302).end());

    await assert.rejects(open(circle).resolve('main'), refusedWith('SourceNotFound', /redirects in a circle/));
    await assert.rejects(open(nowhere).resolve('main'), refusedWith('SourceNotFound', /redirects to no address/));
  });

  it('sends more than we take', async () => {
    const { push, open: openServed } = await serveAfter(() => false);
    await push('large', { 'large.bin': 'x'.repeat(2_000_000) });
    const take = (limits: object) => openServed({ limits: { ...SHORT_WAITS, ...limits } });
    const readLarge = async (limits: object): Promise<unknown> => {
      const source = take(limits);
      const snapshot = await source.snapshot((await source.resolve('main')).revision);
      return snapshot.read('large.bin');
    };

    await readLarge({});
    await assert.rejects(
      readLarge({ wireBytes: 1_500 }),
      refusedWith('SourceNotFound', /more than 1500 bytes on the wire/),
    );
    await assert.rejects(
      readLarge({ objectBytes: 1_000_000 }),
      refusedWith('SourceNotFound', /an object has 2000000 bytes, more than the 1000000 that are read/),
    );
    await assert.rejects(
      readLarge({ unpackedBytes: 1_000_000 }),
      refusedWith('SourceNotFound', /more than 1000000 bytes unpacked/),
    );
  });
});
