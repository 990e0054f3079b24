import { setInterval as everyMs } from 'node:timers/promises';
import { awaitSettled } from '../../shared/job/await-settled.ts';
import { readFleetReport } from '../../shared/job/read-fleet-report.ts';
import { shortRevision } from '../../shared/model/revision.ts';
import { statusJson } from '../../shared/report/json-report.ts';
import { clusterRows, formatStatus, problemsOfFleet } from '../../shared/report/status-text.ts';
import { type CommandIo, type ExitStatus, STOPPED } from '../command-io.ts';
import { type FleetOptions, fleetPlaceOf, type LocalFleet, openLocalFleet } from '../local-fleet.ts';
import { openLocalRenderers } from '../local-renderers.ts';
import { runLocalWorker } from '../local-worker.ts';
import { noteEvents } from '../tell-events.ts';

export interface ApplyOptions extends FleetOptions {
  readonly json?: boolean;
}

const CHECK_EVERY_MS = 60_000;
const LOOK_EVERY_MS = 500;

/** Works until every cluster is at the head of the branch or has said why not. Exit 1 when something is wrong. */
export async function apply(options: ApplyOptions, io: CommandIo): Promise<ExitStatus> {
  const local = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  const settled = new AbortController();
  try {
    const { name, branch } = local.place;
    io.progress(`reading ${branch}`);
    const head = await local.sources.fleet.resolve(branch);
    const renderers = await openLocalRenderers(io.environment);
    for (const warning of renderers.warnings) io.note(warning);
    const sinceMs = await local.state.nowMs();
    // The commit may be known; what ClusterSets find is not.
    await local.state.wake({ kind: 'fleet', fleet: name });
    const clusters = await local.state.listClusters(name);
    for (const { cluster } of clusters) await local.state.wake({ kind: 'cluster', fleet: name, cluster });
    const ended = AbortSignal.any([io.signal, settled.signal]);
    const worker = runLocalWorker(
      { local, renderers, checkEveryMs: CHECK_EVERY_MS, notifier: noteEvents(io), onTrouble: io.noteProblems },
      ended,
    );
    const telling = tellWhatIsAwaited(local, io, { revision: head.revision, ended });
    const report = await awaitSettled(local.state, { name, branch, head }, { sinceMs, signal: io.signal });
    settled.abort();
    await Promise.all([worker, telling]);
    if (io.signal.aborted) {
      io.note(STOPPED);
      return 130;
    }
    if (options.json) io.printJson(statusJson(report));
    else io.print(formatStatus(report, { color: io.color, nowMs: await local.state.nowMs(), full: false }));
    return problemsOfFleet(report).length === 0 ? 0 : 1;
  } finally {
    settled.abort();
    local.close();
  }
}

/** Keeps the progress line at what is not there yet: `bringing in 4f9c2e1; staging applying, production progressing`. */
async function tellWhatIsAwaited(
  { state, place }: LocalFleet,
  io: CommandIo,
  { revision, ended }: { readonly revision: string; readonly ended: AbortSignal },
): Promise<void> {
  try {
    for await (const _ of everyMs(LOOK_EVERY_MS, undefined, { signal: ended })) {
      const awaited = clusterRows(await readFleetReport(state, place)).flatMap(({ item, state: word }) => {
        const health = item.status?.health ?? 'healthy';
        if (word !== 'synced') return [`${item.cluster} ${word}`];
        return health === 'healthy' ? [] : [`${item.cluster} ${health}`];
      });
      io.progress(
        [`bringing in ${shortRevision(revision)}`, awaited.join(', ')].filter((part) => part !== '').join('; '),
      );
    }
  } catch (error) {
    if (!ended.aborted) throw error;
  }
}
