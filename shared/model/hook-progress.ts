/**
 * Which hooks of an application ran for which input. It stands in the application's ApplySet parent, so that a lost
 * state runs no hook twice, and is written by applications that have hooks alone.
 */
import * as z from 'zod';

export interface HookProgress {
  /** Digest of the input that is being brought in, or was last. */
  readonly input: string;
  /** An input before this one was brought in whole: what tells an upgrade from an install. */
  readonly wasBroughtIn: boolean;
  /** In ms since 1970; 0: not begun. */
  readonly startedAtMs: number;
  /** By hook (`pre-sync Job.batch/web/migrate`); one that was not made yet has no entry. */
  readonly hooks: Readonly<Record<string, HookState>>;
  /** All of it is there and healthy, and every hook has succeeded: nothing of this input is run any more. */
  readonly completed?: true | undefined;
  /** Why it could not be brought in, for good: hooks of `sync-fail` are run. */
  readonly failure?: string | undefined;
  /** Id of the instruction that had failed hooks tried again. */
  readonly attempt?: string | undefined;
}

export interface HookState {
  /** `waiting`: to be tried again, because a person asked. */
  readonly state: 'waiting' | 'running' | 'succeeded' | 'failed';
  readonly run: string;
  readonly sinceMs: number;
  /** Why it failed. */
  readonly reason?: string | undefined;
}

const stateSchema: z.ZodType<HookState> = z.object({
  state: z.enum(['waiting', 'running', 'succeeded', 'failed']),
  run: z.string(),
  sinceMs: z.number(),
  reason: z.string().optional(),
});

const progressSchema: z.ZodType<HookProgress> = z.object({
  input: z.string(),
  wasBroughtIn: z.boolean(),
  startedAtMs: z.number(),
  hooks: z.record(z.string(), stateSchema),
  completed: z.literal(true).optional(),
  failure: z.string().optional(),
  attempt: z.string().optional(),
});

/** Returns what a text says; `undefined` where it is none of ours: whoever guessed might run a hook twice. */
export function parseHookProgress(text: string): HookProgress | undefined {
  try {
    return progressSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
