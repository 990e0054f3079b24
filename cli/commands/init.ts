import type { CommandIo, ExitStatus } from '../command-io.ts';
import { makeStarterFleet } from '../starter-fleet.ts';

export interface InitOptions {
  readonly json?: boolean;
  readonly context?: string;
}

export async function init(folder: string, options: InitOptions, io: CommandIo): Promise<ExitStatus> {
  const made = await makeStarterFleet(folder, options);
  const where = `--fleet ${folder}`;
  const next = ['validate', 'plan', 'serve'].map((command) => `plumbline ${command} ${where}`);
  if (options.json) {
    io.printJson({ kind: 'Init', path: made.path, next });
    return 0;
  }
  io.print(
    [
      `made ${made.path} with a first commit: one cluster, one application`,
      ...(options.context === undefined
        ? [`say which cluster it is: spec.kubeconfig.context in ${folder}/plumbline/clusters.yaml, then git commit`]
        : []),
      'next:',
      ...next.map((line) => `  ${line}`),
    ].join('\n'),
  );
  return 0;
}
