/** The `plumbline` command as people run it: a process with its output, its exit status and its state folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const COMMAND = join(import.meta.dirname, '..', '..', '..', 'cli', 'plumbline.mjs');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class PlumblineProcess {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(...args: readonly string[]) {
    // What the person who runs the tests has set must not colour what is compared.
    const { FORCE_COLOR: _theirs, ...inherited } = process.env;
    const env = { ...inherited, NO_COLOR: '1' };
    this.#child = spawn(process.execPath, [COMMAND, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.#ended = once(this.#child, 'close');
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async ended(): Promise<Ended> {
    await this.#ended;
    return { status: this.#child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }

  /** As Ctrl-C does. */
  async stop(): Promise<Ended> {
    if (this.isRunning) this.#child.kill('SIGINT');
    return this.ended();
  }
}
