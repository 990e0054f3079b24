/** The worker of one machine with all jobs wired to local parts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_PLAN_LIMITS } from '../shared/job/plan-fleet/plan-deps.ts';
import { planFleet } from '../shared/job/plan-fleet.ts';
import type { Notifier } from '../shared/job/ports.ts';
import { readHeads } from '../shared/job/read-heads.ts';
import { createGrantMemory } from '../shared/job/reconcile/grant-memory.ts';
import { DEFAULT_RUN_LIMITS } from '../shared/job/reconcile/reconcile-deps.ts';
import { reconcileCluster } from '../shared/job/reconcile-cluster.ts';
import { renderHere } from '../shared/job/render-call.ts';
import { renderInput } from '../shared/job/render-input.ts';
import { DEFAULT_WORK_LOOP, runWorkLoop } from '../shared/job/work-loop.ts';
import type { Problem } from '../shared/model/problem.ts';
import type { LocalFleet } from './local-fleet.ts';
import type { LocalRenderers } from './local-renderers.ts';

export interface LocalWorker {
  readonly local: LocalFleet;
  readonly renderers: LocalRenderers;
  readonly notifier: Notifier;
  readonly onTrouble: (problems: readonly Problem[]) => void;
  /** How often quiet clusters are looked at. */
  readonly checkEveryMs: number;
}

/** Works until `signal` aborts; safe to be killed at any moment. */
export async function runLocalWorker(worker: LocalWorker, signal: AbortSignal): Promise<void> {
  const { local, renderers, notifier, onTrouble, checkEveryMs } = worker;
  const { name: fleet, branch, folder } = local.place;
  const planDeps = { ...local, versions: renderers.versions, notifier, limits: DEFAULT_PLAN_LIMITS };
  const renderDeps = { ...local, render: renderHere(renderers.renderers), notifier };
  const limits = { ...DEFAULT_RUN_LIMITS, checkEveryMs };
  const runDeps = { ...local, notifier, limits, grants: createGrantMemory() };
  const cleaning = new AbortController();
  const cleaner = cleanDaily(local, AbortSignal.any([signal, cleaning.signal]));
  await runWorkLoop(
    {
      state: local.state,
      queue: local.queue,
      onTrouble,
      readHeads: () => readHeads(local, { fleet, branch }),
      jobs: {
        planFleet: (target) => planFleet(planDeps, { ...target, fleet, branch, folder }),
        renderInput: (target) => renderInput(renderDeps, target),
        reconcileCluster: (target) => reconcileCluster(runDeps, target),
      },
    },
    { ...DEFAULT_WORK_LOOP, fleet, sweepMs: Math.min(DEFAULT_WORK_LOOP.sweepMs, checkEveryMs / 4) },
    signal,
  );
  cleaning.abort();
  await cleaner;
}

const DAY_MS = 24 * 60 * 60 * 1000;

async function cleanDaily(local: LocalFleet, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await local.removeOldBlobs();
    await sleep(DAY_MS, undefined, { signal }).catch(() => {});
  }
}
