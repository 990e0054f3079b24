import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wakeForChange } from '../../../shared/job/wake-for-change.ts';
import type { RepositoryDeclaration } from '../../../shared/model/declarations.ts';
import type { RepositoryChange } from '../../../shared/model/repository-change.ts';
import type { FleetStatus, WatchedRef } from '../../../shared/model/status.ts';
import { leavePlanned, wakeRecorder } from '../../functions/wake-recorder.ts';

const PLACE = { fleet: 'acme', branch: 'main', repository: { git: { url: 'https://git.example.com/acme/fleet' } } };
const charts: RepositoryDeclaration = {
  apiVersion: 'plumbline.dev/v1',
  kind: 'Repository',
  metadata: { name: 'charts' },
  spec: { git: { url: 'https://git.example.com/acme/charts' } },
};

const moved = (repository: string, ref: string, more: Partial<RepositoryChange> = {}): RepositoryChange => ({
  urls: [`https://git.example.com/acme/${repository}`],
  ref,
  deleted: false,
  ...more,
});

async function told(changes: readonly RepositoryChange[], status: Partial<FleetStatus> = {}) {
  const recorder = wakeRecorder();
  await leavePlanned(recorder.store, status);
  const { result, reason } = await wakeForChange(recorder, PLACE, { changes });
  return { result, reason, calls: recorder.calls };
}

test("wakes for the fleet's own branch without a look at what was planned", async () => {
  assert.deepEqual(await told([moved('fleet', 'refs/heads/main')]), {
    result: 'woken',
    reason: 'refs/heads/main of the fleet repository moved',
    calls: ['wake', 'send'],
  });
  assert.deepEqual((await told([moved('fleet', 'refs/heads/main', { deleted: true })])).calls, ['wake', 'send']);
});

test('says of what nobody watches which it was, and writes nothing', async () => {
  assert.deepEqual(await told([moved('fleet', 'refs/heads/topic')]), {
    result: 'unwatched',
    reason: 'nothing comes from refs/heads/topic of git.example.com/acme/fleet',
    calls: ['readFleet'],
  });
  assert.equal(
    (await told([moved('other', 'refs/heads/main'), moved('other', 'refs/tags/v1'), moved('x', 'refs/tags/v2')]))
      .reason,
    'nothing comes from refs/heads/main of git.example.com/acme/other, nor from 2 more',
  );
  assert.deepEqual(await told([]), { result: 'unwatched', reason: 'no branch or tag moved', calls: [] });
});

test('reads, writes and sends once, however many refs moved', async () => {
  const changes = Array.from({ length: 50 }, (_, at) => moved('fleet', `refs/tags/v${at}`));
  const watched = [{ ref: 'v7' }, { ref: 'v8' }];
  assert.deepEqual((await told(changes, { watched })).calls, ['readFleet', 'wake', 'send']);
});

const REFS: readonly (readonly [WatchedRef, RepositoryChange, 'woken' | 'unwatched'])[] = [
  [{ ref: 'release' }, moved('fleet', 'refs/heads/release'), 'woken'],
  [{ ref: 'v1' }, moved('fleet', 'refs/tags/v1'), 'woken'],
  [{ ref: 'refs/heads/release' }, moved('fleet', 'refs/heads/release'), 'woken'],
  [{ ref: 'heads/release' }, moved('fleet', 'refs/heads/release'), 'woken'],
  [{ ref: 'release' }, moved('fleet', 'refs/heads/release/2'), 'unwatched'],
  [{ ref: '1.x' }, moved('fleet', 'refs/tags/v1.4.0'), 'woken'],
  [{ ref: '1.x' }, moved('fleet', 'refs/tags/v2.0.0'), 'unwatched'],
  [{ ref: '1.x' }, moved('fleet', 'refs/heads/1.4.0'), 'unwatched'],
  [{ ref: 'release' }, moved('charts', 'refs/heads/release'), 'unwatched'],
  [{ repository: charts, ref: 'release' }, moved('charts', 'refs/heads/release'), 'woken'],
  [{ repository: charts, ref: 'release' }, moved('fleet', 'refs/heads/release'), 'unwatched'],
  [{ repository: charts, ref: 'HEAD' }, moved('charts', 'refs/heads/anything'), 'woken'],
  [{ repository: charts, ref: 'HEAD' }, moved('charts', 'refs/tags/v1'), 'unwatched'],
  [{ repository: charts, ref: 'HEAD' }, moved('charts', 'refs/heads/trunk', { defaultBranch: 'trunk' }), 'woken'],
  [{ repository: charts, ref: 'HEAD' }, moved('charts', 'refs/heads/topic', { defaultBranch: 'trunk' }), 'unwatched'],
];
for (const [watched, change, result] of REFS) {
  const source = `${watched.ref} of ${watched.repository?.metadata.name ?? 'the fleet repository'}`;
  test(`is ${result} by ${change.ref} of ${change.urls[0]} when an application comes from ${source}`, async () => {
    assert.equal((await told([change], { watched: [watched] })).result, result);
  });
}

test('wakes in doubt: a fleet that was never planned, or whose last plan has problems', async () => {
  const recorder = wakeRecorder();
  const change = moved('other', 'refs/heads/main');
  assert.equal((await wakeForChange(recorder, PLACE, { changes: [change] })).result, 'woken');

  const problem = { code: 'ConfigInvalid', subject: 'apps.yaml', act: 'read', wrong: 'no YAML', remedy: '' } as const;
  assert.equal((await told([change], { problems: [problem] })).result, 'woken');
});

test('does not repeat the password that an address holds', async () => {
  const urls = ['https://plumbline:hunter2@git.example.com/acme/other'];
  const { reason } = await told([{ urls, ref: 'refs/heads/main', deleted: false }]);
  assert.equal(reason, 'nothing comes from refs/heads/main of git.example.com/acme/other');
});
