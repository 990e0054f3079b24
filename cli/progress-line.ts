/**
 * What is being waited for, on standard error, after a second of silence. On a terminal one line that moves and goes
 * away; in a log a line when it is another than before. So a quick command stays silent in both.
 */
import { formatDuration } from '../shared/report/times.ts';

const QUIET_MS = 1_000;
const FRAME_MS = 120;
const FRAMES = ['|', '/', '-', '\\'];
const CLEAR_LINE = '\r\u001b[K';

export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #startedMs = performance.now();
  #silentSinceMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #text = '';
  #written = '';
  #frame = 0;
  #isDrawn = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** '': nothing is being waited for. */
  say(text: string): void {
    this.#text = text;
    this.#timer ??= setInterval(() => this.#tick(), FRAME_MS).unref();
  }

  /** Makes room for a line of someone else. */
  clear(): void {
    if (this.#isDrawn) this.#stream.write(CLEAR_LINE);
    this.#isDrawn = false;
    this.#silentSinceMs = performance.now();
  }

  end(): void {
    clearInterval(this.#timer);
    this.clear();
  }

  #tick(): void {
    const nowMs = performance.now();
    if (this.#text === '' || nowMs - this.#silentSinceMs < QUIET_MS) return;
    if (this.#stream.isTTY) this.#draw(nowMs - this.#startedMs);
    else if (this.#text !== this.#written) {
      this.clear();
      this.#stream.write(`… ${this.#text}\n`);
      this.#written = this.#text;
    }
  }

  #draw(elapsedMs: number): void {
    this.#frame = (this.#frame + 1) % FRAMES.length;
    const line = `${FRAMES[this.#frame]} ${this.#text}  ${formatDuration(Math.floor(elapsedMs / 1000) * 1000)}`;
    this.#stream.write(`${CLEAR_LINE}${[...line].slice(0, (this.#stream.columns ?? 80) - 1).join('')}`);
    this.#isDrawn = true;
  }
}
