import { awaitSettled } from '../../shared/job/await-settled.ts';
import { statusJson } from '../../shared/report/json-report.ts';
import { formatProblems } from '../../shared/report/problems-text.ts';
import { formatProgress } from '../../shared/report/progress-line.ts';
import { formatStatus, problemsOfFleet } from '../../shared/report/status-text.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { type FleetOptions, fleetPlaceOf, openLocalFleet } from '../local-fleet.ts';
import { openLocalRenderers } from '../local-renderers.ts';
import { runLocalWorker } from '../local-worker.ts';

export interface ApplyOptions extends FleetOptions {
  readonly json?: boolean;
}

const CHECK_EVERY_MS = 60_000;

/** Works until every cluster is at the head of the branch or has said why not. Exit 1 when something is wrong. */
export async function apply(options: ApplyOptions, io: CommandIo): Promise<ExitStatus> {
  const local = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  const settled = new AbortController();
  try {
    const { name, branch } = local.place;
    const head = await local.sources.fleet.resolve(branch);
    const renderers = await openLocalRenderers(io.environment);
    for (const warning of renderers.warnings) io.note(warning);
    const sinceMs = await local.state.nowMs();
    const clusters = await local.state.listClusters(name);
    for (const { cluster } of clusters) await local.state.wake({ kind: 'cluster', fleet: name, cluster });
    const note = (text: string) => io.note(text.trimEnd());
    const worker = runLocalWorker(
      {
        local,
        renderers,
        checkEveryMs: CHECK_EVERY_MS,
        notifier: { notify: (event) => note(formatProgress(event, { color: io.color, nowMs: Date.now() })) },
        onTrouble: (problems) =>
          note(
            formatProblems(
              problems.map((problem) => ({ problem })),
              { color: io.color, full: true },
            ),
          ),
      },
      AbortSignal.any([io.signal, settled.signal]),
    );
    const report = await awaitSettled(local.state, { name, branch, head }, { sinceMs, signal: io.signal });
    settled.abort();
    await worker;
    if (options.json) io.printJson(statusJson(report));
    else io.print(formatStatus(report, { color: io.color, nowMs: await local.state.nowMs(), full: false }));
    return problemsOfFleet(report).length === 0 && !io.signal.aborted ? 0 : 1;
  } finally {
    settled.abort();
    local.close();
  }
}
