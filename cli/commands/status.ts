import { setTimeout as sleep } from 'node:timers/promises';
import { readFleetReport } from '../../shared/job/read-fleet-report.ts';
import { statusJson } from '../../shared/report/json-report.ts';
import { formatStatus } from '../../shared/report/status-text.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { type FleetOptions, fleetPlaceOf, type LocalFleet, openLocalFleet } from '../local-fleet.ts';

export interface StatusOptions extends FleetOptions {
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly full?: boolean;
}

const WATCH_EVERY_MS = 500;

/** Exit 1 when something is wrong somewhere. */
export async function status(options: StatusOptions, io: CommandIo): Promise<ExitStatus> {
  const fleet = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  try {
    let shown = '';
    let exit: ExitStatus = 0;
    do {
      const { text, isGood } = await statusNow(fleet, options, io);
      if (text !== shown) io.print(shown !== '' && io.isTerminal ? `\u001b[2J\u001b[H${text}` : text);
      shown = text;
      exit = isGood ? 0 : 1;
    } while (options.watch === true && (await waited(io.signal)));
    return exit;
  } finally {
    fleet.close();
  }
}

async function statusNow(fleet: LocalFleet, options: StatusOptions, io: CommandIo) {
  const report = await readFleetReport(fleet.state, fleet.place);
  const nowMs = await fleet.state.nowMs();
  const text = options.json
    ? JSON.stringify(statusJson(report), undefined, 2)
    : formatStatus(report, { color: io.color, nowMs, full: options.full === true });
  const problems = [report.fleet, ...report.applications, ...report.clusters.flatMap((item) => item.status ?? [])];
  return { text, isGood: problems.every((one) => one.problems.length === 0) };
}

/** False: the person has seen enough. */
async function waited(signal: AbortSignal): Promise<boolean> {
  await sleep(WATCH_EVERY_MS, undefined, { signal }).catch(() => {});
  return !signal.aborted;
}
