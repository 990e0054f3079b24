import { PlumblineError } from '../../shared/errors.ts';
import { readRunObjects } from '../../shared/job/read-run-objects.ts';
import type { Commit } from '../../shared/model/revision.ts';
import type { RunSummary } from '../../shared/model/status.ts';
import { formatHistory } from '../../shared/report/history-text.ts';
import { historyJson, runJson } from '../../shared/report/json-report.ts';
import { formatRun } from '../../shared/report/outcome-text.ts';
import { badArgument, readNumber } from '../bad-argument.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { assertCluster, sayNeverRan } from '../known-fleet.ts';
import { type FleetOptions, fleetPlaceOf, type LocalFleet, openLocalFleet } from '../local-fleet.ts';

export interface HistoryOptions extends FleetOptions {
  readonly json?: boolean;
  readonly cluster?: string;
  readonly limit: string;
  readonly full?: boolean;
}

/** Commits whose subjects are shown. */
const COMMITS_READ = 200;
const MOST_RUNS = 10_000;

/** Without `run` a line a run; with it that run, object by object. */
export async function history(run: string | undefined, options: HistoryOptions, io: CommandIo): Promise<ExitStatus> {
  const limit = readNumber('--limit', options.limit, { from: 1, to: MOST_RUNS });
  const local = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  try {
    const neverRan = await sayNeverRan(local);
    if (neverRan === undefined) await assertCluster(local, options.cluster);
    const only = options.cluster === undefined ? {} : { cluster: options.cluster };
    const runs = await local.state.listRuns(local.place.name, {
      ...only,
      limit: run === undefined ? limit : MOST_RUNS,
    });
    if (run !== undefined) await showRun(local, io, { run: findRun(runs, run), options });
    else if (options.json) io.printJson(historyJson(runs));
    else if (neverRan !== undefined) io.print(neverRan);
    else {
      const nowMs = await local.state.nowMs();
      const commits = new Map((await commitsOf(local)).map((commit) => [commit.revision, commit]));
      io.print(formatHistory(runs, commits, { color: io.color, nowMs, width: io.width }));
    }
    return 0;
  } finally {
    local.close();
  }
}

async function showRun(
  { blobs }: LocalFleet,
  io: CommandIo,
  { run, options }: { readonly run: RunSummary; readonly options: HistoryOptions },
): Promise<void> {
  const objects = await readRunObjects(blobs, run);
  if (options.json) io.printJson(runJson(run, objects ?? []));
  else io.print(formatRun(run, objects ?? [], { color: io.color, full: options.full === true }));
  if (objects === undefined) io.note('what it did object by object is no longer kept');
}

function findRun(runs: readonly RunSummary[], begin: string): RunSummary {
  const [found, another] = runs.filter(({ run }) => run.startsWith(begin));
  if (found !== undefined && another === undefined) return found;
  const wrong = found === undefined ? 'no run has such an id' : 'several runs begin so';
  throw badArgument(`run ${begin}`, wrong, 'take an id of the RUN column of `plumbline history`');
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
