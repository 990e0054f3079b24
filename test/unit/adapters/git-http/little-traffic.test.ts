/** How little is asked for, counted at a real `git http-backend`. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { ObjectCache } from '../../../../shared/adapters/git-http/object-cache.ts';
import type { Source } from '../../../../shared/job/ports.ts';
import type { GitServerOptions } from '../../../git-server/start-git-server.ts';
import { type ServedRepository, serveRepository } from './served-repository.ts';

const KINDS: readonly (readonly [name: string, options: Omit<GitServerOptions, 'root'>])[] = [
  ['version 2 with filters', {}],
  ['version 2 without filters', { filters: false }],
  ['version 0', { version: 0 }],
];
/** About 6 kB each that do not compress. */
const noise = (): string => randomBytes(4_500).toString('base64');

describe('a repository over HTTP', () => {
  let served: ServedRepository | undefined;
  const serve = async (options: Omit<GitServerOptions, 'root'>): Promise<ServedRepository> => {
    served = await serveRepository(options);
    return served;
  };
  afterEach(async () => served?.remove());

  const readAll = async (source: Source, ref = 'main'): Promise<readonly string[]> => {
    const snapshot = await source.snapshot((await source.resolve(ref)).revision);
    const files = await snapshot.list('');
    return Promise.all(files.map(async ({ path }) => Buffer.from(await snapshot.read(path)).toString('utf8')));
  };
  const countRequests = async (act: () => Promise<unknown>): Promise<number> => {
    const before = served?.server.requests.length ?? 0;
    await act();
    return (served?.server.requests.length ?? 0) - before;
  };
  const countBytes = async (act: () => Promise<unknown>): Promise<number> => {
    const before = served?.server.sentBytes() ?? 0;
    await act();
    return (served?.server.sentBytes() ?? 0) - before;
  };

  for (const [name, options] of KINDS) {
    it(`asks once for a head that has not moved, however many refs are asked for (${name})`, async () => {
      const { push, open, bare } = await serve(options);
      await push('first', { 'a.yaml': 'a: 1\n' });
      for (const branch of ['one', 'two', 'three']) await bare.git('branch', branch, 'main');
      const source = open();
      await readAll(source);

      assert.equal(await countRequests(() => source.resolve('main')), 1);
      const resolveAll = () => Promise.all(['main', 'one', 'two', 'three'].map((ref) => source.resolve(ref)));
      assert.equal(await countRequests(resolveAll), 1);
      assert.equal(await countRequests(async () => source.resolve((await source.resolve('one')).revision)), 1);
    });

    it(`asks once for the newest tag in a range (${name})`, async () => {
      const { push, open, bare } = await serve(options);
      await push('first', { 'a.yaml': 'a: 1\n' });
      for (const tag of ['v1.0.0', 'v1.2.0', 'v2.0.0']) await bare.git('tag', tag, 'main');
      const source = open();
      await readAll(source, '1.x');

      assert.equal(await countRequests(() => source.resolve('^1.0')), 1);
      assert.equal(await countRequests(() => source.resolve('v1.2.0')), 1);
      assert.equal(
        await countRequests(() => Promise.all(['1.x', '^2.0', 'main'].map((ref) => source.resolve(ref)))),
        1,
      );
    });

    it(`fetches of the next commit only what is new (${name})`, async () => {
      const { push, open } = await serve(options);
      const files = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`app-${n}/file.yaml`, noise()]));
      await push('first', files);
      const source = open();
      const first = await countBytes(() => readAll(source));
      const added = noise();
      await push('second', { 'app-3/file.yaml': added });

      let texts: readonly string[] = [];
      const second = await countBytes(async () => {
        texts = await readAll(source);
      });
      assert.ok(first > 30 * 4_500, `${first} bytes at first`);
      assert.ok(second < 2 * 4_500 + 3_000, `${second} bytes then`);
      assert.ok(texts.includes(added) && texts.length === 30);
    });

    it(`fetches nothing of a revert, whose files are all here (${name})`, async () => {
      const { push, open, work } = await serve(options);
      const [before, after] = [noise(), noise()];
      await push('first', { 'a.yaml': before });
      const source = open();
      await readAll(source);
      await push('second', { 'a.yaml': after });
      await readAll(source);
      await work.git('revert', '--no-edit', 'HEAD');
      await work.git('push', '--quiet', 'origin', 'HEAD:main');

      const bytes = await countBytes(async () => assert.deepEqual(await readAll(source), [before]));
      assert.ok(bytes < 3_000, `${bytes} bytes`);
    });

    it(`reads right what came back after history was read in between (${name})`, async () => {
      const { push, open } = await serve(options);
      const lost = noise();
      await push('with it', { 'a.yaml': lost, 'b.yaml': 'b: 1\n' });
      await push('without it', { 'a.yaml': 'a: 1\n' });
      const source = open();
      const { revision } = await source.resolve('main');
      assert.equal((await source.log(revision, { limit: 5, path: 'a.yaml' })).length, 2);
      await push('with it again', { 'a.yaml': lost });

      assert.deepEqual(await readAll(source), [lost, 'b: 1\n']);
    });
  }

  it('fetches no file that is not read, and those read at once in one request', async () => {
    const { push, open } = await serve({});
    const files = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`app-${n}.yaml`, noise()]));
    await push('first', files);
    const source = open();

    const bytes = await countBytes(async () =>
      (await source.snapshot((await source.resolve('main')).revision)).list(''),
    );
    assert.ok(bytes < 20_000, `${bytes} bytes for commit and folders`);
    const snapshot = await source.snapshot((await source.resolve('main')).revision);
    const read = () => Promise.all(Array.from({ length: 200 }, (_, n) => snapshot.read(`app-${n}.yaml`)));
    assert.equal(await countRequests(read), 1);
    assert.equal(await countRequests(read), 0);
  });

  it('reads history without files, and without folders where no path is asked for', async () => {
    const { push, open } = await serve({});
    for (let n = 0; n < 20; n += 1) await push(`commit ${n}`, { [`app-${n}/file.yaml`]: noise() });
    const source = open();
    const { revision } = await source.resolve('main');

    const bytes = await countBytes(() => source.log(revision, { limit: 20 }));
    assert.ok(bytes < 6_000, `${bytes} bytes for 20 commits`);
    const withPath = await countBytes(() => source.log(revision, { limit: 1, path: 'app-2' }));
    assert.ok(withPath < 25_000, `${withPath} bytes with folders`);
  });

  it('forgets all of a repository when more is kept than may be, and a snapshot in use stays readable', async () => {
    const { push, open } = await serve({ filters: false });
    await push('first', { 'a.yaml': noise(), 'b.yaml': noise() });
    const source = open({ cache: new ObjectCache(8_000) });
    const { revision } = await source.resolve('main');
    const snapshot = await source.snapshot(revision);
    await push('second', { 'a.yaml': noise() });

    const bytes = await countBytes(() => source.resolve('main'));
    assert.ok(bytes > 2 * 4_500, `${bytes} bytes: fetched whole`);
    assert.equal((await snapshot.read('b.yaml')).length, 6_000);
    assert.equal((await snapshot.list('')).length, 2);
  });
});
