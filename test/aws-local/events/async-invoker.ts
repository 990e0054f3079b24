/**
 * Asynchronous invocation: Lambda's own queue before a function. A failure is tried again, a last one goes to the
 * destination that the template names. Source: AWS Lambda Developer Guide, "Asynchronous invocation".
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { FunctionHost } from '../runtime/function-host.ts';

export interface AsyncSettings {
  readonly maximumRetryAttempts: number;
  /** ARN of a queue; undefined: a last failure is lost. */
  readonly onFailure: string | undefined;
}

export interface AsyncWorld {
  hostOf(functionArn: string): FunctionHost | undefined;
  settingsOf(functionArn: string): AsyncSettings;
  /** Sends with the rights of the function's role. */
  sendToDestination(functionArn: string, queueArn: string, body: string): Promise<void>;
  /** Wait before the first try again; twice as long before the second. Lambda's: a minute. */
  readonly retryDelayMs: number;
}

export class AsyncInvoker {
  readonly #world: AsyncWorld;
  readonly #ended = new AbortController();

  constructor(world: AsyncWorld) {
    this.#world = world;
  }

  /** Accepts an event; what becomes of it is not the caller's concern. */
  accept(functionArn: string, payload: string): void {
    void this.#carryOut(functionArn, payload);
  }

  stop(): void {
    this.#ended.abort();
  }

  async #carryOut(functionArn: string, payload: string): Promise<void> {
    const host = this.#world.hostOf(functionArn);
    if (host === undefined) return;
    const { maximumRetryAttempts, onFailure } = this.#world.settingsOf(functionArn);
    for (let attempt = 0; !this.#ended.signal.aborted; attempt += 1) {
      const outcome = await host.invoke(payload);
      if (outcome.ok) return;
      if (attempt < maximumRetryAttempts) {
        const { signal } = this.#ended;
        await pause(this.#world.retryDelayMs * (attempt + 1), undefined, { signal }).catch(() => {});
        continue;
      }
      if (onFailure === undefined) return;
      const { errorType, errorMessage } = outcome;
      const body = {
        version: '1.0',
        timestamp: new Date().toISOString(),
        requestContext: {
          requestId: randomUUID(),
          functionArn,
          condition: 'RetriesExhausted',
          approximateInvokeCount: attempt + 1,
        },
        requestPayload: JSON.parse(payload),
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: { errorType, errorMessage },
      };
      await this.#world.sendToDestination(functionArn, onFailure, JSON.stringify(body));
      return;
    }
  }
}
