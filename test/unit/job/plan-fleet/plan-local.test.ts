/** The planner on the parts of one machine: a real repository, a state file, sealed blobs. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FileBlobStore } from '../../../../shared/adapters/files/file-blob-store.ts';
import { GitSource } from '../../../../shared/adapters/git/git-source.ts';
import { SqliteQueue } from '../../../../shared/adapters/sqlite/sqlite-queue.ts';
import { SqliteStateStore } from '../../../../shared/adapters/sqlite/sqlite-state-store.ts';
import { StateFile } from '../../../../shared/adapters/sqlite/state-file.ts';
import { readJsonBlob } from '../../../../shared/job/blob-json.ts';
import { DEFAULT_PLAN_LIMITS, type PlanDeps } from '../../../../shared/job/plan-fleet/plan-deps.ts';
import { planFleet } from '../../../../shared/job/plan-fleet.ts';
import type { Nudge } from '../../../../shared/job/ports.ts';
import { renderHere } from '../../../../shared/job/render-call.ts';
import { renderInput } from '../../../../shared/job/render-input.ts';
import type { DesiredState } from '../../../../shared/model/desired-state.ts';
import { makeRepository, type TestRepository } from '../../../contract/source-repository.ts';
import { configMap, FIRST_COMMIT } from './fleet-world.ts';

const TARGET = { fleet: 'shop', branch: 'main', folder: 'plumbline' };

describe('planFleet on one machine', () => {
  let repository: TestRepository;
  let removeRepository: () => Promise<void>;
  let folder: string;
  before(async () => {
    ({ repository, remove: removeRepository } = await makeRepository());
    folder = await mkdtemp(join(tmpdir(), 'plumbline-plan-'));
    await repository.commit('first', FIRST_COMMIT);
  });
  after(async () => {
    await removeRepository();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens the state file `name`, works until the queue is empty, and returns the clusters that were woken. */
  async function settle(name: string): Promise<{ readonly woken: readonly string[]; readonly prod: DesiredState }> {
    const file = new StateFile(join(folder, name));
    const [state, queue] = [new SqliteStateStore(file), new SqliteQueue(file)];
    const blobs = new FileBlobStore(join(folder, 'blobs'));
    const source = new GitSource(repository.path);
    const none = { version: 'none', run: () => Promise.reject(new Error('no renderer')) };
    const deps: PlanDeps = {
      ...{ state, queue, blobs },
      sources: { fleet: source, open: () => source },
      directory: { discover: () => Promise.reject(new Error('no set is declared')) },
      outsideValues: { read: () => Promise.reject(new Error('no value is referred to')) },
      versions: { helm: 'none', kustomize: 'none' },
      notifier: { notify: () => {} },
      newNonce: () => `${Math.random()}`,
      monotonicMs: () => performance.now(),
      limits: DEFAULT_PLAN_LIMITS,
    };
    const woken = new Set<string>();
    await state.wake({ kind: 'fleet', fleet: 'shop' });
    await queue.send([{ kind: 'fleet', fleet: 'shop', hop: 0 }]);
    for (let batch = await receive(queue); batch.length > 0; batch = await receive(queue)) {
      for (const nudge of batch) {
        if (nudge.kind === 'fleet') await planFleet(deps, TARGET);
        else if (nudge.kind === 'cluster') woken.add(nudge.cluster);
        else await renderInput({ ...deps, render: renderHere({ helm: none, kustomize: none }) }, nudge);
      }
    }
    const pointer = (await state.readCluster('shop', 'prod'))?.desired;
    const prod = pointer && (await readJsonBlob<DesiredState>(blobs, pointer.blob));
    file.close();
    assert.ok(prod !== undefined);
    return { woken: [...woken].sort(), prod };
  }

  async function receive(queue: SqliteQueue): Promise<readonly Nudge[]> {
    const deliveries = await queue.receive({ max: 10, visibilityMs: 60_000 });
    for (const delivery of deliveries) await delivery.acknowledge();
    return deliveries.map(({ body }) => body as Nudge);
  }

  it('brings a commit to the clusters that it touches', async () => {
    const first = await settle('state.db');
    const revision = await repository.commit('second', { 'apps/db/prod/db.yaml': configMap('db', '2') });
    const second = await settle('state.db');

    assert.deepEqual(first.woken, ['prod', 'staging']);
    assert.deepEqual(second.woken, ['prod']);
    const [db, web] = second.prod.applications;
    assert.equal(db?.commit.revision, revision);
    assert.equal(web?.commit.subject, 'first');
  });

  it('plans the same from nothing when the state file is gone', async () => {
    const before = await settle('state.db');
    const after = await settle('another.db');

    const withoutCommits = ({ applications, ...rest }: DesiredState): unknown => {
      return { ...rest, applications: applications.map(({ commit: _commit, ...application }) => application) };
    };
    assert.deepEqual(withoutCommits(after.prod), withoutCommits(before.prod));
  });

  it('keeps all clusters as they are when the repository cannot be read', async () => {
    const before = await settle('state.db');
    await repository.git('branch', '--move', 'main', 'renamed');
    const after = await settle('state.db');
    await repository.git('branch', '--move', 'renamed', 'main');

    assert.deepEqual(after, { woken: [], prod: before.prod });
  });
});
