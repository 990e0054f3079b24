/**
 * `plumbline serve` with limits of the test's own: the same parts and jobs, on leases that are over in seconds. Started
 * as `node serve-child.ts '<JSON of ServeChildOptions>'`; ends by a signal.
 */
import { z } from 'zod';
import { fleetPlaceOf, openLocalFleet } from '../../../cli/local-fleet.ts';
import { readEnvironment } from '../../../shared/config/environment.ts';
import { DEFAULT_PLAN_LIMITS } from '../../../shared/job/plan-fleet/plan-deps.ts';
import { planFleet } from '../../../shared/job/plan-fleet.ts';
import { DEFAULT_RUN_LIMITS } from '../../../shared/job/reconcile/reconcile-deps.ts';
import { reconcileCluster } from '../../../shared/job/reconcile-cluster.ts';
import { renderHere } from '../../../shared/job/render-call.ts';
import { renderInput } from '../../../shared/job/render-input.ts';
import { DEFAULT_WORK_LOOP, runWorkLoop } from '../../../shared/job/work-loop.ts';
import { formatProblem } from '../../../shared/model/problem.ts';

const OPTIONS = z.object({
  repository: z.string(),
  fleet: z.string(),
  stateDir: z.string(),
  /** What a run believes that it has. */
  runMs: z.number(),
  writeMarginMs: z.number(),
  /** When its lease is given to another. */
  holdMs: z.number(),
});
export type ServeChildOptions = z.infer<typeof OPTIONS>;

const NO_RENDERER = { version: 'none', run: () => Promise.reject(new Error('only plain YAML here')) };

const options = OPTIONS.parse(JSON.parse(process.argv[2] ?? ''));
const { runMs, writeMarginMs, holdMs, fleet } = options;
const environment = readEnvironment();
const place = fleetPlaceOf(
  { fleet: options.repository, branch: 'main', folder: 'plumbline', name: fleet, state: options.stateDir },
  environment,
);
const local = openLocalFleet(place, environment);
const parts = { ...local, notifier: { notify: () => undefined } };
const leaseMarginMs = holdMs - runMs;
const planDeps = {
  ...parts,
  versions: { helm: 'none', kustomize: 'none' },
  limits: { ...DEFAULT_PLAN_LIMITS, runMs, leaseMarginMs },
};
const renderDeps = { ...parts, render: renderHere({ helm: NO_RENDERER, kustomize: NO_RENDERER }) };
const runDeps = { ...parts, limits: { ...DEFAULT_RUN_LIMITS, runMs, writeMarginMs, leaseMarginMs, checkEveryMs: 500 } };

await runWorkLoop(
  {
    state: local.state,
    queue: local.queue,
    readHeads: async () => (await local.sources.fleet.resolve('main')).revision,
    onTrouble: (problems) => process.stderr.write(`${problems.map(formatProblem).join('\n')}\n`),
    jobs: {
      planFleet: () => planFleet(planDeps, { fleet, branch: 'main', folder: 'plumbline' }),
      renderInput: (target) => renderInput(renderDeps, target),
      reconcileCluster: (target) => reconcileCluster(runDeps, target),
    },
  },
  { ...DEFAULT_WORK_LOOP, fleet, sweepMs: 200 },
  new AbortController().signal,
);
