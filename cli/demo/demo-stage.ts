/** Everything that the steps of the demo act on: repository, clusters, the running worker, and ways to look. */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readFleetReport } from '../../shared/job/read-fleet-report.ts';
import { formatProblem } from '../../shared/model/problem.ts';
import type { RunSummary } from '../../shared/model/status.ts';
import { isTrue } from '../../shared/report/cluster-state.ts';
import { type FleetReport, problemsOfFleet } from '../../shared/report/status-text.ts';
import type { FleetPlace, LocalFleet } from '../local-fleet.ts';
import type { DemoCluster } from './demo-clusters.ts';
import type { DemoRepository } from './demo-repository.ts';

const run = promisify(execFile);
const LOOK_EVERY_MS = 50;
/** A demo that hangs tells nobody anything; on a busy machine everything takes its time. */
const PATIENCE_MS = 300_000;

export interface DemoStage {
  /** State of the fleet, and what it is called; where it runs is nothing to the steps. */
  readonly local: Pick<LocalFleet, 'state'> & { readonly place: Pick<FleetPlace, 'name' | 'branch'> };
  readonly repository: DemoRepository;
  readonly clusters: readonly [DemoCluster, DemoCluster];
  readonly kubectlPath: string;
  /** How its namespaces and its API group are named: `demo` in `demo-shop`. */
  readonly prefix: string;
  /** Aborts when the person has seen enough. */
  readonly signal: AbortSignal;
}

export function reportOf({ local }: DemoStage): Promise<FleetReport> {
  return readFleetReport(local.state, local.place);
}

/** Waits until `look` finds something; @throws {Error} with what is known when it never does. */
export async function waitFor<T>(stage: DemoStage, what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (stage.signal.aborted) throw new Error('stopped');
    if (performance.now() > deadlineMs) {
      const problems = problemsOfFleet(await reportOf(stage)).map(({ problem }) => formatProblem(problem));
      throw new Error([`waited ${PATIENCE_MS / 1000} s for ${what}`, ...problems].join('\n   '));
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal: stage.signal }).catch(() => {});
  }
}

/** Waits until the named clusters are true to `revision` and healthy; returns what is known then. */
export function waitForClusters(stage: DemoStage, revision: string, names: readonly string[]): Promise<FleetReport> {
  return waitFor(stage, `${names.join(' and ')} to come to ${revision.slice(0, 7)}`, async () => {
    const report = await reportOf(stage);
    if (report.fleet.planned?.revision !== revision) return undefined;
    const isThere = (name: string) => {
      const item = report.clusters.find(({ cluster }) => cluster === name);
      return item !== undefined && isTrue(item, report.fleet.planned) && item.status?.health === 'healthy';
    };
    return names.every(isThere) ? report : undefined;
  });
}

/** Returns the runs that began after `sinceMs`, newest first. */
export async function runsSince({ local }: DemoStage, sinceMs: number): Promise<readonly RunSummary[]> {
  const runs = await local.state.listRuns(local.place.name, { limit: 100 });
  return runs.filter(({ startedAtMs }) => startedAtMs >= sinceMs);
}

/** Runs kubectl as a person would, in one of the clusters. */
export async function kubectl(
  stage: Pick<DemoStage, 'kubectlPath'>,
  cluster: DemoCluster,
  ...parameters: string[]
): Promise<string> {
  const { context, kubeconfigPath } = cluster;
  const file = kubeconfigPath === undefined ? [] : ['--kubeconfig', kubeconfigPath];
  const { stdout } = await run(stage.kubectlPath, [...file, '--context', context, ...parameters]);
  return stdout.trim();
}
