import type { CommandIo, ExitStatus } from '../command-io.ts';
import { type DemoOptions, runDemo } from '../demo/run-demo.ts';

/**
 * Exit 1 when a step failed, 130 when it was stopped before its last. With `--exit` or `--json` the last line is one
 * JSON object, whatever happened: `{"steps": [{"name", "ok", "ms"}], "ok"}`.
 */
export async function demo(options: DemoOptions, io: CommandIo): Promise<ExitStatus> {
  const { steps, isWhole } = await runDemo(options, io);
  const ok = isWhole && steps.every((step) => step.ok);
  if (options.exit === true || options.json === true) io.printJsonLine({ steps, ok });
  if (io.signal.aborted && !ok) return 130;
  return ok ? 0 : 1;
}
