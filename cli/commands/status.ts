import { setTimeout as sleep } from 'node:timers/promises';
import { readFleetReport } from '../../shared/job/read-fleet-report.ts';
import { statusJson } from '../../shared/report/json-report.ts';
import { type FleetReport, formatStatus, problemsOfFleet } from '../../shared/report/status-text.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { sayNeverRan } from '../known-fleet.ts';
import { type FleetOptions, fleetPlaceOf, type LocalFleet, openLocalFleet } from '../local-fleet.ts';

export interface StatusOptions extends FleetOptions {
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly full?: boolean;
}

const WATCH_EVERY_MS = 500;
const CLEAR_SCREEN = '\u001b[2J\u001b[H';

/** Exit 1 when something is wrong somewhere. Watched, it is shown again when it changes; as JSON, one line each time. */
export async function status(options: StatusOptions, io: CommandIo): Promise<ExitStatus> {
  const local = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  try {
    let shown = '';
    let exit: ExitStatus = 0;
    do {
      const report = await readFleetReport(local.state, local.place);
      const text = await textOf(local, report, { options, io });
      // Ages alone are no news in a log; on a terminal they move.
      const news = io.isTerminal && options.json !== true ? text : JSON.stringify(statusJson(report));
      if (news !== shown) io.print(shown !== '' && io.isTerminal && !options.json ? `${CLEAR_SCREEN}${text}` : text);
      shown = news;
      exit = problemsOfFleet(report).length === 0 ? 0 : 1;
    } while (options.watch === true && (await waited(io.signal)));
    return exit;
  } finally {
    local.close();
  }
}

async function textOf(
  local: LocalFleet,
  report: FleetReport,
  { options, io }: { readonly options: StatusOptions; readonly io: CommandIo },
): Promise<string> {
  const neverRan = await sayNeverRan(local);
  if (options.json === true) return JSON.stringify(statusJson(report), undefined, options.watch === true ? 0 : 2);
  const nowMs = await local.state.nowMs();
  return neverRan ?? formatStatus(report, { color: io.color, nowMs, full: options.full === true });
}

/** False: the person has seen enough. */
async function waited(signal: AbortSignal): Promise<boolean> {
  await sleep(WATCH_EVERY_MS, undefined, { signal }).catch(() => {});
  return !signal.aborted;
}
