/** Where a command writes to, and how it ends: by itself, by an error, by Ctrl-C. Nothing here knows what commands do. */
import { type Environment, readEnvironment } from '../shared/config/environment.ts';
import { problemsOf } from '../shared/errors.ts';
import type { Problem } from '../shared/model/problem.ts';
import { problemsJson } from '../shared/report/json-report.ts';
import { formatProblems } from '../shared/report/problems-text.ts';
import { ProgressLine } from './progress-line.ts';

/** 0: done, 1: something is wrong, 2: `plan` has changes, 130: stopped by Ctrl-C. */
export type ExitStatus = 0 | 1 | 2 | 130;

export const STOPPED = 'stopped; nothing is half-done that the next run does not finish';

export interface CommandIo {
  readonly environment: Environment;
  /** Colour on standard output. */
  readonly color: boolean;
  /** Colour on standard error. */
  readonly noteColor: boolean;
  /** Columns of the terminal; 100 where nobody watches. */
  readonly width: number;
  /** Whether a person watches standard output. */
  readonly isTerminal: boolean;
  /** Aborts when the person presses Ctrl-C, for a command that ends by itself then. */
  readonly signal: AbortSignal;
  print(text: string): void;
  printJson(value: unknown): void;
  /** One value a line, for what goes on. */
  printJsonLine(value: unknown): void;
  /** To standard error: notes, state changes. */
  note(text: string): void;
  /** To standard error, as problems with what to do. */
  noteProblems(problems: readonly Problem[]): void;
  /** Says what is being waited for, shown after a second of silence; '': nothing any more. */
  progress(text: string): void;
}

export interface CommandCall {
  /** What was being done, for errors: `plan`. */
  readonly act: string;
  readonly json?: boolean | undefined;
  /** `itself`: the command listens to `io.signal`. `at once`: it may be cut off anywhere. */
  readonly endsOnCtrlC: 'itself' | 'at once';
}

/** Runs a command and sets the exit status; what it throws is shown as problems, each with what to do. */
export async function runCommand(call: CommandCall, command: (io: CommandIo) => Promise<ExitStatus>): Promise<void> {
  const progress = new ProgressLine(process.stderr);
  const interrupted = new AbortController();
  const io = openIo(progress, interrupted.signal);
  const stop = () => {
    // Whoever presses Ctrl-C again means it.
    if (call.endsOnCtrlC === 'at once' || interrupted.signal.aborted) {
      io.note(STOPPED);
      process.exit(130);
    }
    interrupted.abort();
  };
  // Never removed: others (the folders of helm and kubectl) take the default effect upon them when nobody listens.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  // Whoever reads us may stop early (`plumbline status | head`): no failure of ours, and a reason to end.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      interrupted.abort();
    });
  }
  try {
    process.exitCode = await command(io);
  } catch (error) {
    showProblems(io, call, problemsOf(error, { subject: 'plumbline', act: call.act }));
    process.exitCode = 1;
  } finally {
    progress.end();
  }
  // Jobs that were cut off may hold sockets.
  if (interrupted.signal.aborted) process.exit();
}

/** Shows why a command did not do its work; with `--json` also on standard output, where a script looks. */
function showProblems(io: CommandIo, { json }: CommandCall, problems: readonly Problem[]): void {
  io.noteProblems(problems);
  if (json === true)
    io.printJsonLine({ kind: 'Error', problems: problemsJson(problems.map((problem) => ({ problem }))) });
}

/** For what goes wrong before there is a command: arguments that nobody understands. */
export function refuseArguments(problem: Problem, json: boolean, status: ExitStatus = 1): void {
  const io = openIo(new ProgressLine(process.stderr), new AbortController().signal);
  showProblems(io, { act: problem.act, json, endsOnCtrlC: 'at once' }, [problem]);
  process.exitCode = status;
}

function openIo(progress: ProgressLine, signal: AbortSignal): CommandIo {
  const environment = readEnvironment();
  const noteColor = colorFor(environment, process.stderr);
  const write = (stream: NodeJS.WriteStream, text: string) => {
    progress.clear();
    stream.write(text.endsWith('\n') ? text : `${text}\n`);
  };
  const note = (text: string) => write(process.stderr, text);
  return {
    environment,
    color: colorFor(environment, process.stdout),
    noteColor,
    width: process.stdout.columns ?? 100,
    isTerminal: process.stdout.isTTY === true,
    signal,
    print: (text) => write(process.stdout, text),
    printJson: (value) => write(process.stdout, JSON.stringify(value, bigintAsText, 2)),
    printJsonLine: (value) => write(process.stdout, JSON.stringify(value, bigintAsText)),
    note,
    noteProblems: (problems) =>
      note(
        formatProblems(
          problems.map((problem) => ({ problem })),
          { color: noteColor, full: true },
        ),
      ),
    progress: (text) => progress.say(text),
  };
}

function colorFor({ color }: Environment, stream: { readonly isTTY?: boolean }): boolean {
  return color === 'always' || (color === 'auto' && stream.isTTY === true);
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
