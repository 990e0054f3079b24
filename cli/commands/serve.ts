import { PlumblineError } from '../../shared/errors.ts';
import { formatProblems } from '../../shared/report/problems-text.ts';
import { formatProgress } from '../../shared/report/progress-line.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { type FleetOptions, fleetPlaceOf, openLocalFleet } from '../local-fleet.ts';
import { openLocalRenderers } from '../local-renderers.ts';
import { runLocalWorker } from '../local-worker.ts';

export interface ServeOptions extends FleetOptions {
  readonly json?: boolean;
  readonly port: string;
  readonly sweep: string;
}

/** Watches, plans, reconciles and sweeps until Ctrl-C. */
export async function serve(options: ServeOptions, io: CommandIo): Promise<ExitStatus> {
  const place = fleetPlaceOf(options, io.environment);
  const checkEveryMs = 1000 * readNumber('--sweep', options.sweep, { from: 1, to: 86_400 });
  const renderers = await openLocalRenderers(io.environment);
  for (const warning of renderers.warnings) io.note(warning);
  const local = openLocalFleet(place, io.environment);
  try {
    io.note(`fleet ${place.name}: ${place.path}, branch ${place.branch}; state in ${place.stateDir}`);
    await runLocalWorker(
      {
        local,
        renderers,
        checkEveryMs,
        notifier: {
          notify: (event) =>
            options.json
              ? io.print(JSON.stringify(event))
              : io.print(formatProgress(event, { color: io.color, nowMs: Date.now() })),
        },
        onTrouble: (problems) =>
          io.note(
            formatProblems(
              problems.map((problem) => ({ problem })),
              { color: io.color, full: true },
            ),
          ),
      },
      io.signal,
    );
    io.note('stopped; nothing is half-done that the next run does not finish');
    return 0;
  } finally {
    local.close();
  }
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
