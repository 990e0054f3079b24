import { PlumblineError } from '../../shared/errors.ts';
import type { JobEvent } from '../../shared/job/ports.ts';
import type { Problem } from '../../shared/model/problem.ts';
import { formatProblems } from '../../shared/report/problems-text.ts';
import { formatProgress } from '../../shared/report/progress-line.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { type FleetOptions, fleetPlaceOf, openLocalFleet } from '../local-fleet.ts';
import { startLocalPage } from '../local-page.ts';
import { openLocalRenderers } from '../local-renderers.ts';
import { runLocalWorker } from '../local-worker.ts';

export interface ServeOptions extends FleetOptions {
  readonly json?: boolean;
  readonly port: string;
  readonly sweep: string;
}

/** Watches, plans, reconciles, sweeps and shows the page until Ctrl-C. */
export async function serve(options: ServeOptions, io: CommandIo): Promise<ExitStatus> {
  const place = fleetPlaceOf(options, io.environment);
  const checkEveryMs = 1000 * readNumber('--sweep', options.sweep, { from: 1, to: 86_400 });
  const port = readNumber('--port', options.port, { from: 0, to: 65_535 });
  const renderers = await openLocalRenderers(io.environment);
  for (const warning of renderers.warnings) io.note(warning);
  const onTrouble = (problems: readonly Problem[]) => io.note(troubleText(problems, io));
  const notify = (event: JobEvent) =>
    io.print(options.json ? JSON.stringify(event) : formatProgress(event, { color: io.color, nowMs: Date.now() }));
  const local = openLocalFleet(place, io.environment);
  try {
    const page = await startLocalPage(local, { port, onTrouble });
    try {
      io.note(`fleet ${place.name}: ${place.path}, branch ${place.branch}; state in ${place.stateDir}`);
      io.note(`page: ${page.url}`);
      await runLocalWorker({ local, renderers, checkEveryMs, notifier: { notify }, onTrouble }, io.signal);
    } finally {
      await page.close();
    }
    io.note('stopped; nothing is half-done that the next run does not finish');
    return 0;
  } finally {
    local.close();
  }
}

function troubleText(problems: readonly Problem[], { color }: CommandIo): string {
  const placed = problems.map((problem) => ({ problem }));
  return formatProblems(placed, { color, full: true });
}

function readNumber(
  option: string,
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= from && number <= to) return number;
  const wrong = `it is ${JSON.stringify(text)}`;
  const remedy = `give a whole number from ${from} to ${to}`;
  throw new PlumblineError([{ code: 'ConfigInvalid', subject: option, act: 'read the arguments', wrong, remedy }]);
}
