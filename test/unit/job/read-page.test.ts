import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlumblineError } from '../../../shared/errors.ts';
import type { Source, StateStore } from '../../../shared/job/ports.ts';
import type { PageDeps } from '../../../shared/job/read-page/page-deps.ts';
import { readPage } from '../../../shared/job/read-page.ts';
import { sampleFleet } from '../../e2e/page-sample.ts';
import { sourceOf, storeFleet } from '../../e2e/page-state.ts';
import { FakeBlobStore } from '../../fakes/fake-blob-store.ts';
import { FakeStateStore } from '../../fakes/fake-state-store.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');

async function sampleDeps(): Promise<PageDeps> {
  const state = new FakeStateStore(NOW_MS);
  const blobs = new FakeBlobStore();
  const sample = sampleFleet(NOW_MS);
  await storeFleet(state, blobs, sample);
  const readRunbook = async () => '## Forbidden\nGrant it.\n';
  return { state, blobs, source: sourceOf(sample.commits), fleet: { name: 'acme', branch: 'main' }, readRunbook };
}

async function ask(deps: PageDeps, path: string) {
  const { status, html } = await readPage(deps, path, new URLSearchParams());
  return { status, title: /<h1>(.*?)<\/h1>/.exec(html)?.[1], html };
}

test('answers 404 and names what is not there', async () => {
  const deps = await sampleDeps();

  assert.deepEqual(
    await Promise.all(
      ['/x', '/clusters/prod-xx', '/clusters/prod-eu/applications/nothing', '/runbook/nothing'].map(async (path) => {
        const { status, title } = await ask(deps, path);
        return [status, title];
      }),
    ),
    [
      [404, 'There is no such page'],
      [404, 'There is no cluster prod-xx'],
      [404, 'There is no application nothing in prod-eu'],
      [404, 'There is no such page'],
    ],
  );
});

test('shows the fleet that was never planned', async () => {
  const deps = { ...(await sampleDeps()), fleet: { name: 'new', branch: 'main' } };

  const { status, title } = await ask(deps, '/');

  assert.deepEqual([status, title], [200, 'Nothing is planned yet']);
});

test('goes on without the objects when their blob is lost, and without history when the repository is', async () => {
  const deps = { ...(await sampleDeps()), blobs: new FakeBlobStore(), source: brokenSource() };

  const application = await ask(deps, '/clusters/prod-eu/applications/shop');
  const fleet = await ask(deps, '/');

  assert.equal(application.status, 200);
  assert.match(application.html, /They are not recorded; the next run does that/);
  assert.equal(fleet.status, 200);
  assert.match(fleet.html, /raise memory of shop/);
});

test('answers 503 with what to do when the state cannot be read, 500 without a stack for a fault of ours', async () => {
  const deps = await sampleDeps();
  const full = {
    code: 'StateUnavailable',
    subject: 'state.db',
    act: 'read',
    wrong: 'the disk is full',
    remedy: 'free some space',
  } as const;

  const unavailable = await ask({ ...deps, state: failing(deps.state, new PlumblineError([full])) }, '/');
  const broken = await ask({ ...deps, state: failing(deps.state, new TypeError('x is undefined')) }, '/');

  assert.equal(unavailable.status, 503);
  assert.match(unavailable.html, /the disk is full.*free some space/s);
  assert.equal(broken.status, 500);
  assert.match(broken.html, /InvariantBroken.*x is undefined/s);
  assert.doesNotMatch(broken.html, /\.ts:\d+|node_modules| {4}at /);
});

test('shows on a page of an application only what touched it', async () => {
  const { html } = await ask(await sampleDeps(), '/clusters/prod-eu/applications/shop');

  assert.match(html, /Deployment\.apps\/shop\/shop/);
  assert.doesNotMatch(html, /inventory\/inventory/);
});

function brokenSource(): Source {
  const gone = () =>
    Promise.reject(
      new PlumblineError([{ code: 'SourceNotFound', subject: 'r', act: 'read', wrong: 'gone', remedy: '' }]),
    );
  return { resolve: gone, snapshot: gone, log: gone };
}

function failing(state: StateStore, error: Error): StateStore {
  return new Proxy(state, { get: () => () => Promise.reject(error) });
}
