import type { Delivery, Nudge, Queue } from '../../job/ports.ts';
import { thisProcess } from './process-identity.ts';
import type { StateFile } from './state-file.ts';

/** Older ones are forgotten: a dead letter is for people to read. */
const DEAD_LETTERS_KEPT = 1000;

/** A message that no worker could read. */
export interface DeadLetter {
  readonly body: unknown;
  readonly reason: string;
  readonly rejectedAtMs: number;
}

/** A queue in a `StateFile`. A message taken again by another worker is out of reach of the first one. */
export class SqliteQueue implements Queue {
  readonly #file: StateFile;

  constructor(file: StateFile) {
    this.#file = file;
  }

  async send(nudges: readonly Nudge[], options: { readonly delayMs?: number } = {}): Promise<void> {
    if (nudges.length === 0) return;
    this.#file.write('send nudges', ({ sql, nowMs }) => {
      const insert = sql('INSERT INTO message (body, visible_at_ms) VALUES (?, ?)');
      for (const nudge of nudges) insert.run(JSON.stringify(nudge), nowMs + (options.delayMs ?? 0));
    });
  }

  async receive(options: { readonly max: number; readonly visibilityMs: number }): Promise<readonly Delivery[]> {
    // A look first: an empty queue is asked many times a second and must not take the writers' lock.
    const act = 'receive nudges';
    const waiting = this.#file.read(act, ({ sql, nowMs }) =>
      sql('SELECT 1 FROM message WHERE visible_at_ms <= ? LIMIT 1').get(nowMs),
    );
    if (waiting === undefined) return [];
    return this.#file.write(act, ({ sql, nowMs }) => {
      const rows = sql(
        `UPDATE message SET visible_at_ms = ?, receives = receives + 1, process = ?
         WHERE id IN (SELECT id FROM message WHERE visible_at_ms <= ? ORDER BY visible_at_ms, id LIMIT ?)
         RETURNING id, body, receives`,
      ).all(nowMs + options.visibilityMs, thisProcess(), nowMs, options.max);
      return rows.map((row) => this.#delivery(Number(row.id), String(row.body), Number(row.receives)));
    });
  }

  /** Newest first, at most 1,000. */
  async listDeadLetters(): Promise<readonly DeadLetter[]> {
    return this.#file.read('list dead letters', ({ sql }) =>
      sql('SELECT body, reason, rejected_at_ms FROM dead_letter ORDER BY id DESC')
        .all()
        .map((row) => ({
          body: parseBody(String(row.body)),
          reason: String(row.reason),
          rejectedAtMs: Number(row.rejected_at_ms),
        })),
    );
  }

  #delivery(id: number, body: string, receives: number): Delivery {
    return {
      id: String(id),
      body: parseBody(body),
      receives,
      acknowledge: async () => {
        this.#file.write('acknowledge a nudge', ({ sql }) => {
          sql('DELETE FROM message WHERE id = ? AND receives = ?').run(id, receives);
        });
      },
      giveBack: async (delayMs) => {
        this.#file.write('give a nudge back', ({ sql, nowMs }) => {
          sql('UPDATE message SET visible_at_ms = ?, process = NULL WHERE id = ? AND receives = ?').run(
            nowMs + delayMs,
            id,
            receives,
          );
        });
      },
      reject: async (reason) => this.#reject(id, receives, reason),
    };
  }

  #reject(id: number, receives: number, reason: string): void {
    this.#file.write('reject a nudge', ({ sql, nowMs }) => {
      sql(
        'INSERT INTO dead_letter (body, reason, rejected_at_ms) SELECT body, ?, ? FROM message WHERE id = ? AND receives = ?',
      ).run(reason, nowMs, id, receives);
      sql('DELETE FROM message WHERE id = ? AND receives = ?').run(id, receives);
      sql('DELETE FROM dead_letter WHERE id <= (SELECT max(id) FROM dead_letter) - ?').run(DEAD_LETTERS_KEPT);
    });
  }
}

/** What is no JSON is a malformed message like any other: the worker rejects it. */
function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
