import type { CommandIo, ExitStatus } from '../command-io.ts';
import { type DemoOptions, runDemo } from '../demo/run-demo.ts';

/** The last line of `--exit` is one JSON object: `{"steps": [{"name", "ok", "ms"}], "ok"}`. Exit 1 when a step failed. */
export async function demo(options: DemoOptions, io: CommandIo): Promise<ExitStatus> {
  const steps = await runDemo(options, io);
  const ok = steps.length > 0 && steps.every((step) => step.ok);
  if (options.exit === true) io.print(JSON.stringify({ steps, ok }));
  return ok ? 0 : 1;
}
