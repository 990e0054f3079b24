/** From a commit with very many objects until all of it counts as applied: `plumbline serve` with everything in between. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteStateStore } from '../shared/adapters/sqlite/sqlite-state-store.ts';
import { StateFile } from '../shared/adapters/sqlite/state-file.ts';
import type { KubeObject } from '../shared/model/kube-object.ts';
import type { ClusterItem } from '../shared/model/status.ts';
import { onFreshCluster } from './first-apply.ts';
import { createRepository, FLEET, memoryOf, startServing, stopServing } from './served-fleet.ts';

/** As people keep them: many files, some objects in each. */
const OBJECTS_A_FILE = 100;
const LOOK_MS = 50;
const STATE_FILE = 'state.db';

export interface Arrival {
  readonly objects: number;
  /** From the end of `git commit` until the commit counts as applied; and until every object is healthy too. */
  readonly appliedMs: number;
  readonly healthyMs: number;
  /** Resident memory of `plumbline serve` at most: it reads Git, renders and applies in one process. */
  readonly peakMegabytes: number;
}

/** The server has come to rest over an empty application when the commit comes. */
export function measureArrival(objectsIn: (namespace: string) => readonly KubeObject[]): Promise<Arrival> {
  return onFreshCluster(0, async (cluster) => {
    const root = mkdtempSync(join(tmpdir(), 'plumbline-bench-arrival-'));
    const repository = createRepository(root, cluster);
    const objects = objectsIn(cluster.namespace);
    const [first, ...others] = objects;
    if (first === undefined) throw new Error('nothing is to be measured');
    repository.write('first.yaml', [first]);
    repository.commit('first');
    const server = startServing(root);
    try {
      const before = await seen(root, ({ status }) => status?.applied !== undefined);
      await cluster.untilQuiet();
      for (let index = 0; index < others.length; index += OBJECTS_A_FILE) {
        repository.write(`objects-${index}.yaml`, others.slice(index, index + OBJECTS_A_FILE));
      }
      repository.commit('everything');
      const startedMs = performance.now();
      await seen(root, ({ status }) => status?.applied !== undefined && status.applied !== before.status?.applied);
      const appliedMs = performance.now() - startedMs;
      await seen(root, ({ status }) => status?.health === 'healthy');
      const healthyMs = performance.now() - startedMs;
      return { objects: objects.length, appliedMs, healthyMs, peakMegabytes: memoryOf(server.pid).peakMegabytes };
    } finally {
      await stopServing(server);
      rmSync(root, { recursive: true });
    }
  });
}

/** Waits until the state of the cluster is such; returns it. */
async function seen(root: string, isSuch: (item: ClusterItem) => boolean): Promise<ClusterItem> {
  for (;;) {
    await sleep(LOOK_MS);
    const file = new StateFile(join(root, 'state', STATE_FILE));
    const item = await new SqliteStateStore(file).readCluster(FLEET, 'load');
    file.close();
    if (item !== undefined && isSuch(item)) return item;
  }
}
