/** The worker of one machine with all jobs wired to local parts. */
import { DEFAULT_PLAN_LIMITS } from '../shared/job/plan-fleet/plan-deps.ts';
import { planFleet } from '../shared/job/plan-fleet.ts';
import type { Notifier } from '../shared/job/ports.ts';
import { DEFAULT_RUN_LIMITS } from '../shared/job/reconcile/reconcile-deps.ts';
import { reconcileCluster } from '../shared/job/reconcile-cluster.ts';
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
  const renderDeps = { ...local, renderers: renderers.renderers, notifier };
  const runDeps = { ...local, notifier, limits: { ...DEFAULT_RUN_LIMITS, checkEveryMs } };
  await runWorkLoop(
    {
      state: local.state,
      queue: local.queue,
      onTrouble,
      readHeads: async () => (await local.sources.fleet.resolve(branch)).revision,
      jobs: {
        planFleet: () => planFleet(planDeps, { fleet, branch, folder }),
        renderInput: (target) => renderInput(renderDeps, target),
        reconcileCluster: (target) => reconcileCluster(runDeps, target),
      },
    },
    { ...DEFAULT_WORK_LOOP, fleet, sweepMs: Math.min(DEFAULT_WORK_LOOP.sweepMs, checkEveryMs / 4) },
    signal,
  );
}
