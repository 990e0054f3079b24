/** Clocks of the functions' processes, set by a test: off by minutes, or gone on while a process stood still. */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProcessClock } from '../runtime/function-definition.ts';

const MODULE = pathToFileURL(join(import.meta.dirname, 'shifted-clock.mjs')).href;

/** One file a function: its processes read it whenever they look at the time. */
export class ProcessClocks {
  readonly #folder = mkdtempSync(join(tmpdir(), 'plumbline-clocks-'));
  /** Wall clock off, and time passed, in milliseconds. */
  readonly #clocks = new Map<string, Float64Array<ArrayBuffer>>();

  of(functionName: string): ProcessClock {
    const numbers = new Float64Array(2);
    this.#clocks.set(functionName, numbers);
    const file = join(this.#folder, functionName);
    writeFileSync(file, new Uint8Array(numbers.buffer));
    return {
      variables: { NODE_OPTIONS: `--import=${MODULE}`, PLUMBLINE_TEST_CLOCK: file },
      aheadMs: () => (numbers[0] ?? 0) + (numbers[1] ?? 0),
    };
  }

  /** Sets the wall clocks of a function's processes `offMs` ahead of this machine's; negative: behind. */
  skew(functionName: string, offMs: number): void {
    this.#set(functionName, (numbers) => {
      numbers[0] = offMs;
    });
  }

  /** Lets time pass for a function's processes, on the monotonic clock too. */
  passTime(functionName: string, ms: number): void {
    this.#set(functionName, (numbers) => {
      numbers[1] = (numbers[1] ?? 0) + ms;
    });
  }

  /** Sets a function's clocks right, for processes that begin after this. */
  reset(functionName: string): void {
    this.#set(functionName, (numbers) => numbers.fill(0));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** In place: processes have the file open. */
  #set(functionName: string, change: (numbers: Float64Array<ArrayBuffer>) => void): void {
    const numbers = this.#clocks.get(functionName);
    if (numbers === undefined) throw new Error(`there is no function ${functionName}`);
    change(numbers);
    const file = openSync(join(this.#folder, functionName), 'r+');
    writeSync(file, new Uint8Array(numbers.buffer), 0, undefined, 0);
    closeSync(file);
  }
}
