import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJsonBlob } from '../../../../shared/job/blob-json.ts';
import { keepCommits } from '../../../../shared/job/plan-fleet/keep-commits.ts';
import type { Commit } from '../../../../shared/model/revision.ts';
import type { FleetStatus } from '../../../../shared/model/status.ts';
import { FakeBlobStore } from '../../../fakes/fake-blob-store.ts';

function commit(revision: string): Commit {
  return { revision, subject: `commit ${revision}`, author: 'Ana', committedAtMs: 1 };
}

/** Lets the planner see the heads one after the other; returns what is kept in the end. */
async function keptAfter(heads: readonly string[], { blobs = new FakeBlobStore() } = {}) {
  let status: FleetStatus = { fleet: 'f', branch: 'main', problems: [], clusters: [], watched: [] };
  for (const revision of heads) {
    const head = commit(revision);
    const commits = await keepCommits(blobs, status, head);
    status = { ...status, head, ...(commits !== undefined && { commits }) };
  }
  const kept = await readJsonBlob<readonly Commit[]>(blobs, status.commits ?? '');
  return { key: status.commits, revisions: kept?.map(({ revision }) => revision) };
}

test('keeps the heads that the planner saw, newest first, each once', async () => {
  assert.deepEqual((await keptAfter(['a', 'b', 'c'])).revisions, ['c', 'b', 'a']);
  assert.deepEqual((await keptAfter(['a', 'b', 'a'])).revisions, ['a', 'b']);
});

test('keeps fifty', async () => {
  const heads = Array.from({ length: 60 }, (_, index) => `r${index}`);

  const { revisions } = await keptAfter(heads);

  assert.deepEqual([revisions?.length, revisions?.[0]], [50, 'r59']);
});

test('writes nothing for a head that is the one of before, and nothing before there is one', async () => {
  const blobs = new FakeBlobStore();
  const { key } = await keptAfter(['a'], { blobs });
  const status: FleetStatus = {
    ...{ fleet: 'f', branch: 'main', problems: [], clusters: [], watched: [], head: commit('a') },
    ...(key !== undefined && { commits: key }),
  };
  const reading = new Proxy(blobs, { get: () => () => assert.fail('the blobs are asked') });

  assert.equal(await keepCommits(reading, status, commit('a')), key);
  assert.equal(await keepCommits(reading, { ...status, head: commit('b') }, undefined), key);
});

test('begins again from the head of before when the blob is lost', async () => {
  const blobs = new FakeBlobStore();
  const status: FleetStatus = {
    ...{ fleet: 'f', branch: 'main', problems: [], clusters: [], watched: [] },
    ...{ head: commit('a'), commits: 'commits/lost' },
  };

  const key = await keepCommits(blobs, status, commit('b'));

  const kept = await readJsonBlob<readonly Commit[]>(blobs, key ?? '');
  assert.deepEqual(
    kept?.map(({ revision }) => revision),
    ['b', 'a'],
  );
});
