/** `plumbline serve` over a fleet of one cluster with 1,000 objects: how soon a commit arrives, and what it needs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ObjectWatch, watchConfigMaps } from '../test/e2e/crash/watch-objects.ts';
import type { MeasuredCluster } from './control-plane.ts';
import { objectsOfFourKinds, THOUSAND } from './measured-objects.ts';
import { createRepository, FLEET, memoryOf, startServing, stopServing } from './served-fleet.ts';

const COMMITS = 20;
const CHANGED = 'load-7';
/** Longer than any poll interval of the loop, so that commits meet it at any phase. */
const PAUSE_MS = 1_200;

export interface LoopFigures {
  /** From the end of `git commit` until the API server tells of the change. */
  readonly commitToAppliedMs: readonly number[];
  /** Resident memory of the server process, at the end and at most. */
  readonly megabytes: number;
  readonly peakMegabytes: number;
}

export async function measureRunningLoop(cluster: MeasuredCluster): Promise<LoopFigures> {
  const root = mkdtempSync(join(tmpdir(), 'plumbline-bench-loop-'));
  const commit = prepareCommits(root, cluster);
  commit(CHANGED);
  const { namespace } = cluster;
  const watch = await watchConfigMaps(cluster, { namespace, labelSelector: `plumbline.dev/fleet=${FLEET}` });
  const server = startServing(root);
  try {
    await seen(watch, CHANGED, CHANGED);
    await cluster.untilQuiet();
    const commitToAppliedMs: number[] = [];
    for (let round = 0; round < COMMITS; round += 1) {
      const value = `commit ${round}`;
      commit(value);
      const startedMs = performance.now();
      await seen(watch, CHANGED, value);
      commitToAppliedMs.push(performance.now() - startedMs);
      await sleep(PAUSE_MS + round * 10);
    }
    return { commitToAppliedMs, ...memoryOf(server.pid) };
  } finally {
    await stopServing(server);
    await watch.close();
    rmSync(root, { recursive: true });
  }
}

/** Returns what commits another value of the one object that changes; the first commit brings all others too. */
function prepareCommits(root: string, cluster: MeasuredCluster): (value: string) => void {
  const repository = createRepository(root, cluster);
  const objects = objectsOfFourKinds(cluster.namespace, THOUSAND);
  const isChanged = ({ kind, metadata }: (typeof objects)[number]) => kind === 'ConfigMap' && metadata.name === CHANGED;
  const changed = objects.find(isChanged);
  if (changed === undefined) throw new Error(`${CHANGED} is none of the objects`);
  repository.write(
    'objects.yaml',
    objects.filter((object) => !isChanged(object)),
  );
  return (value) => {
    repository.write('changed.yaml', [{ ...changed, data: { value } }]);
    repository.commit(value);
  };
}

async function seen(watch: ObjectWatch, name: string, value: string): Promise<void> {
  while (!watch.events.some((event) => event.name === name && event.data.value === value)) await sleep(2);
}
