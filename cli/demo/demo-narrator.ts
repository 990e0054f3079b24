/** Tells the demo step by step: what happens, what came of it, how long it took. */
import { bold, dim, green, printLines, red, SIGN } from '../../shared/report/terminal.ts';
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

  constructor(io: CommandIo) {
    this.#io = io;
  }

  say(...lines: readonly string[]): void {
    this.#io.print(printLines(lines, { color: this.#io.color }));
  }

  /** Runs a step and tells it; false: it failed, and the rest makes no sense. */
  async step(name: string, what: string, act: () => Promise<StepStory>): Promise<boolean> {
    this.say('', `${bold(`${this.results.length + 1}. ${name}`)}  ${what}`);
    const startedMs = performance.now();
    const took = () => Math.round(performance.now() - startedMs);
    try {
      const story = await act();
      const ms = took();
      if ('skipped' in story) {
        this.results.push({ name, ok: true, ms, skipped: story.skipped });
        this.say(`   ${dim(`left out: ${story.skipped}`)}`);
      } else {
        this.results.push({ name, ok: true, ms });
        this.say(...story.lines.map((line) => `   ${line}`), `   ${green(SIGN.good)} ${formatDuration(ms)}`);
      }
      return true;
    } catch (error) {
      this.results.push({ name, ok: false, ms: took() });
      const wrong = error instanceof Error ? error.message : String(error);
      this.say(`   ${red(SIGN.bad)} ${wrong}`);
      return false;
    }
  }
}
