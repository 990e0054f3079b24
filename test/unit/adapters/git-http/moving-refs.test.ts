/** What moves on the server while we read. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { refusedWith } from './refused-with.ts';
import { type ServedRepository, serveRepository } from './served-repository.ts';

const textOf = (content: Uint8Array): string => Buffer.from(content).toString('utf8');

for (const version of [2, 0] as const) {
  describe(`a repository over HTTP that changes meanwhile, protocol version ${version}`, () => {
    let served: ServedRepository | undefined;
    /** Runs once, before the request that fetches objects is answered: version 2 asks for refs by a request of its own. */
    let beforeFetch: (() => Promise<void>) | undefined;
    const fetching = version === 2 ? 3 : 2;
    const serve = async (): Promise<ServedRepository> => {
      served = await serveRepository({
        version,
        before: async () => {
          if (beforeFetch === undefined || served?.server.requests.length !== fetching) return false;
          const act = beforeFetch;
          beforeFetch = undefined;
          await act();
          return false;
        },
      });
      return served;
    };
    const replaceHistory = async ({ work, bare }: ServedRepository): Promise<void> => {
      await work.git('checkout', '--quiet', '--orphan', 'new');
      await work.commit('a new beginning', { 'a.yaml': 'a: new\n' });
      await work.git('push', '--quiet', '--force', 'origin', 'HEAD:main');
      await bare.git('reflog', 'expire', '--expire=now', '--all');
      await bare.git('gc', '--quiet', '--prune=now');
    };
    afterEach(async () => {
      beforeFetch = undefined;
      await served?.remove();
      served = undefined;
    });

    it('reads the commit that it resolved though the branch was pushed to during the fetch', async () => {
      const { push, open } = await serve();
      const first = await push('first', { 'a.yaml': 'a: 1\n' });
      beforeFetch = async () => void (await push('second', { 'a.yaml': 'a: 2\n' }));
      const source = open();

      const { revision } = await source.resolve('main');
      const snapshot = await source.snapshot(revision);
      assert.equal(beforeFetch, undefined, 'the push came before the fetch');
      assert.equal(revision, first);
      assert.equal(textOf(await snapshot.read('a.yaml')), 'a: 1\n');
    });

    it('resolves to the new head when a force push removed the old one during the fetch', async () => {
      const repository = await serve();
      await repository.push('first', { 'a.yaml': 'a: 1\n' });
      beforeFetch = () => replaceHistory(repository);
      const source = repository.open();

      const commit = await source.resolve('main');
      assert.equal(beforeFetch, undefined, 'the force push came before the fetch');
      assert.equal(commit.subject, 'a new beginning');
      assert.equal(textOf(await (await source.snapshot(commit.revision)).read('a.yaml')), 'a: new\n');
    });

    it('says that a commit is gone after a force push, and goes on with the new one', async () => {
      const repository = await serve();
      const old = await repository.push('first', { 'a.yaml': 'a: 1\n' });
      const warm = repository.open();
      await warm.resolve('main');
      await replaceHistory(repository);

      await assert.rejects(
        repository.open().snapshot(old),
        refusedWith('SourceNotFound', /fetch [0-9a-f]{40}: .*does not have this commit.*force push/),
      );
      assert.equal((await warm.resolve('main')).subject, 'a new beginning');
    });

    it('names the branches that are left when a branch was deleted', async () => {
      const { push, open, bare } = await serve();
      await push('first', { 'a.yaml': 'a: 1\n' });
      await bare.git('branch', 'feature', 'main');
      const source = open();
      await source.resolve('feature');
      await bare.git('branch', '-D', 'feature');

      await assert.rejects(
        source.resolve('feature'),
        refusedWith('SourceNotFound', /resolve "feature": .*the branches are "main"$/),
      );
    });

    it('waits for a commit that the server is about to have', async () => {
      const { push, open, work, server } = await serve();
      await push('first', { 'a.yaml': 'a: 1\n' });
      const soon = await work.commit('second', { 'a.yaml': 'a: 2\n' });
      const source = open({ limits: { retryWaitsMs: [1, 1, 400, 400, 400] } });

      let isOpen = false;
      const opening = source.snapshot(soon).finally(() => {
        isOpen = true;
      });
      while (server.requests.length < 4 && !isOpen) await new Promise((resolve) => setTimeout(resolve, 5));
      await work.git('push', '--quiet', 'origin', 'HEAD:main');
      assert.equal(textOf(await (await opening).read('a.yaml')), 'a: 2\n');
    });

    it('gives up on a commit that the server never has', async () => {
      const { push, open } = await serve();
      await push('first', { 'a.yaml': 'a: 1\n' });

      await assert.rejects(
        open().resolve('0123456789012345678901234567890123456789'),
        refusedWith('SourceNotFound', /does not have this commit/),
      );
    });

    it('says what to do about an empty repository', async () => {
      const { open } = await serve();

      await assert.rejects(open().resolve('main'), refusedWith('SourceNotFound', /no commits yet; commit something/));
    });
  });
}
