import { formatDrift } from '../../shared/report/drift-text.ts';
import { driftJson } from '../../shared/report/json-report.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { type FleetOptions, fleetPlaceOf, openLocalFleet } from '../local-fleet.ts';

export interface DriftOptions extends FleetOptions {
  readonly json?: boolean;
  readonly cluster?: string;
}

const RUNS_READ = 1000;

export async function drift(options: DriftOptions, io: CommandIo): Promise<ExitStatus> {
  const fleet = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  try {
    const nowMs = await fleet.state.nowMs();
    const only = options.cluster === undefined ? {} : { cluster: options.cluster };
    const runs = await fleet.state.listRuns(fleet.place.name, { ...only, limit: RUNS_READ });
    const seen = runs.flatMap((run) => run.drift);
    if (options.json) io.printJson(driftJson(seen, nowMs));
    else io.print(formatDrift(seen, { color: io.color, nowMs, width: io.width }));
    return 0;
  } finally {
    fleet.close();
  }
}
