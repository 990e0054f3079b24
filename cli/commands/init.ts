import type { CommandIo, ExitStatus } from '../command-io.ts';
import { makeStarterFleet } from '../starter-fleet.ts';

export interface InitOptions {
  readonly context?: string;
}

export async function init(folder: string, options: InitOptions, io: CommandIo): Promise<ExitStatus> {
  const made = await makeStarterFleet(folder, options);
  io.print(
    [
      `made ${made.path} with a first commit: one cluster, one application`,
      'next:',
      `  plumbline validate --fleet ${folder}`,
      `  plumbline plan --fleet ${folder}`,
      `  plumbline serve --fleet ${folder}`,
    ].join('\n'),
  );
  return 0;
}
