import { PlumblineError } from '../../shared/errors.ts';
import type { Commit } from '../../shared/model/revision.ts';
import { formatHistory } from '../../shared/report/history-text.ts';
import { historyJson } from '../../shared/report/json-report.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { type FleetOptions, fleetPlaceOf, type LocalFleet, openLocalFleet } from '../local-fleet.ts';

export interface HistoryOptions extends FleetOptions {
  readonly json?: boolean;
  readonly cluster?: string;
  readonly limit: string;
}

/** Commits whose subjects are shown. */
const COMMITS_READ = 200;

export async function history(options: HistoryOptions, io: CommandIo): Promise<ExitStatus> {
  const fleet = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  try {
    const only = options.cluster === undefined ? {} : { cluster: options.cluster };
    const runs = await fleet.state.listRuns(fleet.place.name, { ...only, limit: readLimit(options.limit) });
    if (options.json) io.printJson(historyJson(runs));
    else {
      const nowMs = await fleet.state.nowMs();
      const commits = new Map((await commitsOf(fleet)).map((commit) => [commit.revision, commit]));
      io.print(formatHistory(runs, commits, { color: io.color, nowMs, width: io.width }));
    }
    return 0;
  } finally {
    fleet.close();
  }
}

/** Subjects are a comfort: a repository that cannot be read now does not hide what the runs did. */
async function commitsOf({ sources, place }: LocalFleet): Promise<readonly Commit[]> {
  try {
    const { revision } = await sources.fleet.resolve(place.branch);
    return await sources.fleet.log(revision, { limit: COMMITS_READ });
  } catch (error) {
    if (error instanceof PlumblineError) return [];
    throw error;
  }
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return limit;
  const problem = { subject: '--limit', act: 'read the arguments', wrong: `it is ${JSON.stringify(text)}` };
  throw new PlumblineError([{ code: 'ConfigInvalid', ...problem, remedy: 'give a whole number above 0' }]);
}
