import { planAll } from '../../shared/job/plan-all.ts';
import { DEFAULT_RUN_LIMITS } from '../../shared/job/reconcile/reconcile-deps.ts';
import { planJson } from '../../shared/report/json-report.ts';
import { formatPlan } from '../../shared/report/plan-text.ts';
import { exitCodeOfPlan } from '../../shared/report/plan-verdict.ts';
import { tellAsked } from '../asked-clusters.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { type FleetOptions, fleetPlaceOf, openLocalFleet } from '../local-fleet.ts';
import { openLocalRendering } from '../local-rendering.ts';

export interface PlanOptions extends FleetOptions {
  readonly json?: boolean;
  readonly cluster?: readonly string[];
  readonly by: 'fleet' | 'cluster';
  readonly full?: boolean;
}

/** Exit 0: nothing would change, 2: something would, 1: something is wrong. */
export async function plan(options: PlanOptions, io: CommandIo): Promise<ExitStatus> {
  const local = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  try {
    io.progress(`reading and rendering ${local.place.branch}`);
    const rendering = await openLocalRendering(local, io, { unknown: 'ask' });
    const { name: fleet, branch: ref, folder } = local.place;
    const clusters = tellAsked(local.clusters, io.progress);
    const deps = { ...rendering, ...local, clusters, concurrency: DEFAULT_RUN_LIMITS.concurrency };
    const only = options.cluster === undefined ? {} : { clusters: options.cluster };
    const planned = await planAll(deps, { fleet, ref, folder, ...only });
    if (options.json) io.printJson(planJson(planned));
    else {
      const { color, width } = io;
      const nowMs = await local.state.nowMs();
      io.print(formatPlan(planned, { by: options.by, full: options.full === true, color, width, nowMs }));
    }
    return exitCodeOfPlan(planned);
  } finally {
    local.close();
  }
}
