import { readNumber } from '../bad-argument.ts';
import { type CommandIo, type ExitStatus, STOPPED } from '../command-io.ts';
import { type FleetOptions, fleetPlaceOf, openLocalFleet } from '../local-fleet.ts';
import { startLocalPage } from '../local-page.ts';
import { openLocalRenderers } from '../local-renderers.ts';
import { runLocalWorker } from '../local-worker.ts';
import { printEvents } from '../tell-events.ts';

export interface ServeOptions extends FleetOptions {
  readonly json?: boolean;
  readonly port: string;
  readonly sweep: string;
}

/** Watches, plans, reconciles, sweeps and shows the page until Ctrl-C. As JSON: one event a line, `started` first. */
export async function serve(options: ServeOptions, io: CommandIo): Promise<ExitStatus> {
  const place = fleetPlaceOf(options, io.environment);
  const checkEveryMs = 1000 * readNumber('--sweep', options.sweep, { from: 1, to: 86_400 });
  const port = readNumber('--port', options.port, { from: 0, to: 65_535 });
  io.progress('looking for helm and kubectl');
  const renderers = await openLocalRenderers(io.environment);
  for (const warning of renderers.warnings) io.note(warning);
  const local = openLocalFleet(place, io.environment);
  try {
    // A mistyped path or branch is said at once, not waited for.
    await local.sources.fleet.resolve(place.branch);
    const page = await startLocalPage(local, { port, onTrouble: io.noteProblems });
    io.progress('');
    try {
      const { name, path, branch, stateDir } = place;
      if (options.json === true)
        io.printJsonLine({ kind: 'Event', event: 'started', fleet: name, path, branch, stateDir, page: page.url });
      io.note(`fleet ${name}: ${path}, branch ${branch}; state in ${stateDir}`);
      io.note(`page: ${page.url}`);
      const notifier = printEvents(io, options);
      await runLocalWorker({ local, renderers, checkEveryMs, notifier, onTrouble: io.noteProblems }, io.signal);
    } finally {
      await page.close();
    }
    io.note(STOPPED);
    return 0;
  } finally {
    local.close();
  }
}
