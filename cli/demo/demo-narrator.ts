/** Tells the demo step by step: what happens, what came of it, how long it took. */
import { problemsOf } from '../../shared/errors.ts';
import { formatProblem } from '../../shared/model/problem.ts';
import { bold, dim, green, indentText, printLines, red, SIGN } from '../../shared/report/terminal.ts';
import { formatDuration } from '../../shared/report/times.ts';
import type { CommandIo } from '../command-io.ts';

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  /** Why a step was left out. */
  readonly skipped?: string;
}

/** A step's own account: lines for people, or why it cannot be shown here. */
export type StepStory = { readonly lines: readonly string[] } | { readonly skipped: string };

export class DemoNarrator {
  readonly results: StepResult[] = [];
  readonly #io: CommandIo;
  readonly #json: boolean;

  constructor(io: CommandIo, { json }: { readonly json: boolean }) {
    this.#io = io;
    this.#json = json;
  }

  /** With `--json` the story goes to standard error, and each result is a line of standard output. */
  say(...lines: readonly string[]): void {
    const { io, color } = { io: this.#io, color: this.#json ? this.#io.noteColor : this.#io.color };
    const text = printLines(lines, { color });
    if (this.#json) io.note(text);
    else io.print(text);
  }

  /** Runs a step and tells it; false: it failed, and the rest makes no sense. */
  async step(name: string, what: string, act: () => Promise<StepStory>): Promise<boolean> {
    this.say('', `${bold(`${this.results.length + 1}. ${name}`)}  ${what}`);
    const startedMs = performance.now();
    const took = () => Math.round(performance.now() - startedMs);
    if (this.#io.isTerminal) this.#io.progress(`${name} ...`);
    try {
      const story = await act();
      const ms = took();
      this.#io.progress('');
      if ('skipped' in story) {
        this.#record({ name, ok: true, ms, skipped: story.skipped });
        this.say(`   ${dim(`left out: ${story.skipped}`)}`);
      } else {
        this.#record({ name, ok: true, ms });
        this.say(...story.lines.map((line) => `   ${line}`), `   ${green(SIGN.good)} ${formatDuration(ms)}`);
      }
      return true;
    } catch (error) {
      this.fail(name, error, took());
      return false;
    } finally {
      this.#io.progress('');
    }
  }

  /** Records that something did not work, a step or what surrounds the steps. */
  fail(name: string, error: unknown, ms: number): void {
    this.#record({ name, ok: false, ms });
    const [first = '', ...rest] = problemTexts(error).flatMap((text) => indentText(text, ''));
    this.say(`   ${red(SIGN.bad)} ${first}`, ...rest.map((line) => `     ${line}`));
  }

  #record(result: StepResult): void {
    this.results.push(result);
    if (this.#json) this.#io.printJsonLine({ kind: 'Event', event: 'step', ...result });
  }
}

/** A step fails for reasons that are no bug of ours: what was thrown speaks for itself. */
function problemTexts(error: unknown): readonly string[] {
  return problemsOf(error, { subject: 'demo', act: 'play' }).map((problem) =>
    problem.code === 'InvariantBroken' && error instanceof Error ? error.message : formatProblem(problem),
  );
}
