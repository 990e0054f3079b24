/** What the commands that tell Plumbline something have in common. */
import { userInfo } from 'node:os';
import { askClusters } from '../shared/job/ask-clusters.ts';
import { readPeopleRequest } from '../shared/job/read-people-request.ts';
import { describeAsked } from '../shared/report/asked-text.ts';
import { askedJson } from '../shared/report/json-report.ts';
import type { CommandIo, ExitStatus } from './command-io.ts';
import { type FleetOptions, fleetPlaceOf, openLocalFleet } from './local-fleet.ts';

export interface AskOptions extends FleetOptions {
  readonly json?: boolean;
  readonly cluster?: string;
}

/** Leaves the request with the fleet's state; `serve` does it at once, `apply` when it runs. `by` is the machine's user. */
export async function askLocal(
  asked: {
    readonly act: string;
    readonly application?: string | undefined;
    readonly refusal?: string | undefined;
    readonly revision?: string;
  },
  options: AskOptions,
  io: CommandIo,
): Promise<ExitStatus> {
  const request = readPeopleRequest({ ...asked, cluster: options.cluster, by: userInfo().username });
  const local = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  try {
    const clusters = await askClusters(local, { fleet: local.place.name, request, id: local.newNonce() });
    if (options.json) io.printJson(askedJson(request, clusters));
    else io.print(describeAsked(request, clusters));
    return 0;
  } finally {
    local.close();
  }
}
