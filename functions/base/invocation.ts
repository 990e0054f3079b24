import { type FunctionSettings, readFunctionSettings } from '../../shared/config/function-settings.ts';
import type { FunctionName } from '../../shared/config/names.ts';
import { openTelemetry } from './open-telemetry.ts';
import type { Telemetry } from './telemetry.ts';

/** What a function is given beside its event. */
export interface Invocation {
  readonly settings: FunctionSettings;
  readonly telemetry: Telemetry;
  /** Correlation id: the same from the event that woke us to the last request; goes into every nudge that is sent. */
  readonly trace: string;
  /** Lambda's own id of the request: CloudTrail names the caller by it. */
  readonly requestId: string;
  /** ARN that the function was called by. */
  readonly functionArn: string;
  /** Until Lambda ends the process, in milliseconds. */
  remainingMs(): number;
}

/** What a function stands in; tests give their own. */
export interface FunctionWorld {
  readonly settings: FunctionSettings;
  readonly telemetry: Telemetry;
}

/** Returns what opens the process's own world at the first invocation: a variable that is missing fails that one, and says so. */
export function openWorld(name: FunctionName): () => FunctionWorld {
  return once(() => {
    const settings = readFunctionSettings();
    return { settings, telemetry: openTelemetry(name, settings) };
  });
}

/** Returns `make`, called until it has succeeded once. For clients: they are made once a process, when first needed. */
export function once<From extends readonly unknown[], T>(make: (...from: From) => T): (...from: From) => T {
  let made: { readonly value: T } | undefined;
  return (...from) => {
    made ??= { value: make(...from) };
    return made.value;
  };
}

/** Returns `make`, called until it has succeeded once; who asks meanwhile waits for the same. */
export function onceAsync<T>(make: () => Promise<T>): () => Promise<T> {
  let making: Promise<T> | undefined;
  return () => {
    making ??= make().catch((error: unknown) => {
      making = undefined;
      throw error;
    });
    return making;
  };
}
