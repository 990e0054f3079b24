/** The sample fleet in a real state file and real sealed blobs, with a page server over them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileBlobStore } from '../../shared/adapters/files/file-blob-store.ts';
import { startPageServer } from '../../shared/adapters/page-server/start-page-server.ts';
import { SqliteStateStore } from '../../shared/adapters/sqlite/sqlite-state-store.ts';
import { StateFile } from '../../shared/adapters/sqlite/state-file.ts';
import { PlumblineError } from '../../shared/errors.ts';
import { writeContentBlob } from '../../shared/job/blob-json.ts';
import type { BlobStore, ClusterKey, FleetKey, Source, StateStore, WorkKey } from '../../shared/job/ports.ts';
import { readPage } from '../../shared/job/read-page.ts';
import type { Commit } from '../../shared/model/revision.ts';
import type { ApplicationStatus, ObjectStatus } from '../../shared/model/status.ts';
import type { Lease } from '../../shared/model/work-item.ts';
import { STYLE_SOURCE } from '../../shared/report/pages/document.ts';
import { objectsOf } from './page-objects.ts';
import type { SampleFleet } from './page-sample.ts';

const readRunbook = () => readFile(join(import.meta.dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');

export interface ServedPages {
  readonly url: string;
  close(): Promise<void>;
}

/** Stores what `sample` makes of the store's time, and serves its pages on a free port. */
export async function servePages(sample: (nowMs: number) => SampleFleet): Promise<ServedPages> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-page-'));
  const file = new StateFile(join(folder, 'state.db'));
  const state = new SqliteStateStore(file);
  const blobs = new FileBlobStore(join(folder, 'blobs'));
  const fleet = sample(await state.nowMs());
  await storeFleet(state, blobs, fleet);
  const deps = {
    state,
    blobs,
    source: sourceOf(fleet.commits),
    fleet: { name: fleet.fleet.fleet, branch: 'main' },
    readRunbook,
  };
  const server = await startPageServer({
    port: 0,
    styleSource: STYLE_SOURCE,
    read: (path, query) => readPage(deps, path, query),
    onTrouble: (error) => {
      throw error;
    },
  });
  return {
    url: server.url,
    close: async () => {
      await server.close();
      file.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Writes the sample as planner and runs would. */
export async function storeFleet(
  state: StateStore,
  blobs: BlobStore,
  sample: SampleFleet,
  objectsIn: (applications: readonly ApplicationStatus[]) => readonly ObjectStatus[] = objectsOf,
): Promise<void> {
  const { fleet } = sample.fleet;
  const fleetKey: FleetKey = { kind: 'fleet', fleet };
  const fleetLease = await lease(state, fleetKey);
  await state.release(fleetKey, fleetLease, { nextTryInMs: undefined, status: sample.fleet });
  for (const { status, applications, isBehind } of sample.clusters) {
    const { cluster } = status;
    const [commit] = sample.commits;
    if (commit === undefined) continue;
    const blob = isBehind ? 'desired/new' : (status.applied ?? '');
    await state.writeDesired(fleet, cluster, { blob, ticket: await state.drawTicket(fleet), commit });
    const objects = await writeContentBlob(blobs, 'objects', objectsIn(applications));
    const key: ClusterKey = { kind: 'cluster', fleet, cluster };
    const held = await lease(state, key);
    await state.writeApplications(fleet, cluster, held, applications);
    await state.release(key, held, { nextTryInMs: undefined, status: { ...status, objects } });
    for (const run of sample.runs.filter((one) => one.cluster === cluster)) {
      await state.appendRun(fleet, { ...run, report: objects });
    }
  }
}

async function lease(state: StateStore, key: WorkKey): Promise<Lease> {
  await state.wake(key);
  const held = await state.acquire(key, { nonce: 'sample', holdMs: 60_000 });
  if (held.result !== 'acquired') throw new Error('the sample is written by two');
  return held.lease;
}

/** A repository of which only the history is asked. */
export function sourceOf(commits: readonly Commit[]): Source {
  const nothing = () => {
    const problem = { code: 'SourceNotFound', subject: 'sample', act: 'read', wrong: 'not there', remedy: '' } as const;
    return Promise.reject(new PlumblineError([problem]));
  };
  return { resolve: nothing, snapshot: nothing, log: async (_revision, { limit }) => commits.slice(0, limit) };
}
