/** Where a command writes to, and how. Commands return their exit status; nothing here knows what they do. */
import { type Environment, readEnvironment } from '../shared/config/environment.ts';
import { problemsOf } from '../shared/errors.ts';
import { formatProblems } from '../shared/report/problems-text.ts';

export type ExitStatus = 0 | 1 | 2;

export interface CommandIo {
  readonly environment: Environment;
  /** Colour on standard output. */
  readonly color: boolean;
  /** Columns of the terminal; 100 where nobody watches. */
  readonly width: number;
  /** Whether a person watches standard output. */
  readonly isTerminal: boolean;
  /** Ends when the person presses Ctrl-C. */
  readonly signal: AbortSignal;
  print(text: string): void;
  printJson(value: unknown): void;
  /** To standard error: progress, notes. */
  note(text: string): void;
}

/** Runs a command and sets the exit status; what it throws is shown as problems, each with what to do. */
export async function runCommand(act: string, command: (io: CommandIo) => Promise<ExitStatus>): Promise<void> {
  const io = openIo();
  try {
    process.exitCode = await command(io);
  } catch (error) {
    const problems = problemsOf(error, { subject: 'plumbline', act });
    const isColored = colorFor(io.environment, process.stderr);
    io.note(
      formatProblems(
        problems.map((problem) => ({ problem })),
        { color: isColored, full: true },
      ),
    );
    process.exitCode = 1;
  }
}

function openIo(): CommandIo {
  const environment = readEnvironment();
  const interrupted = new AbortController();
  const stop = () => interrupted.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  // Whoever reads us may stop early (`plumbline status | head`): that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    environment,
    color: colorFor(environment, process.stdout),
    width: process.stdout.columns ?? 100,
    isTerminal: process.stdout.isTTY === true,
    signal: interrupted.signal,
    print: (text) => writeLine(process.stdout, text),
    printJson: (value) => writeLine(process.stdout, JSON.stringify(value, bigintAsText, 2)),
    note: (text) => writeLine(process.stderr, text),
  };
}

function colorFor({ color }: Environment, stream: { readonly isTTY?: boolean }): boolean {
  return color === 'always' || (color === 'auto' && stream.isTTY === true);
}

function writeLine(stream: NodeJS.WriteStream, text: string): void {
  stream.write(text.endsWith('\n') ? text : `${text}\n`);
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
