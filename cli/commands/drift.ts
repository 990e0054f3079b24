import { formatDrift } from '../../shared/report/drift-text.ts';
import { driftJson } from '../../shared/report/json-report.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { assertCluster, sayNeverRan } from '../known-fleet.ts';
import { type FleetOptions, fleetPlaceOf, openLocalFleet } from '../local-fleet.ts';

export interface DriftOptions extends FleetOptions {
  readonly json?: boolean;
  readonly cluster?: string;
}

const RUNS_READ = 1000;

export async function drift(options: DriftOptions, io: CommandIo): Promise<ExitStatus> {
  const local = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  try {
    const neverRan = await sayNeverRan(local);
    if (neverRan === undefined) await assertCluster(local, options.cluster);
    const nowMs = await local.state.nowMs();
    const only = options.cluster === undefined ? {} : { cluster: options.cluster };
    const runs = await local.state.listRuns(local.place.name, { ...only, limit: RUNS_READ });
    const seen = runs.flatMap((run) => run.drift);
    if (options.json) io.printJson(driftJson(seen, nowMs));
    else io.print(neverRan ?? formatDrift(seen, { color: io.color, nowMs, width: io.width }));
    return 0;
  } finally {
    local.close();
  }
}
