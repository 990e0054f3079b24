/**
 * What people ask of a cluster, and what became of it. An instruction waits in the cluster's item until a run takes it
 * into the anchor, which is the truth: a lost state wakes nothing that was suspended (docs/decisions/0016).
 */
import * as z from 'zod';
import { canonicalJson } from './json-text.ts';

export const ACTS = ['reconcile', 'suspend', 'resume', 'approve'] as const;
export type Act = (typeof ACTS)[number];

export interface Instruction {
  /** Fresh for each: asked twice under one id it counts once. */
  readonly id: string;
  readonly act: Act;
  /** Absent: the whole cluster. */
  readonly application?: string;
  /** Digest of the refusal that is approved. */
  readonly subject?: string;
  /** Who asked, as they named themselves. */
  readonly by: string;
  /** By the state store's clock. */
  readonly atMs: number;
}

/** Something that is left alone because a person asked for it. */
export interface Suspension {
  /** Of an application, or `*` for the whole cluster. */
  readonly name: string;
  /** Unknown where someone wrote only the name into the anchor. */
  readonly by?: string;
  readonly atMs?: number;
}

/** The name that stands for every application of a cluster. */
export const WHOLE_CLUSTER = '*';

/** More than these do not wait for one cluster: nobody means the twenty-first. */
export const MOST_INSTRUCTIONS = 20;

export const instructionSchema: z.ZodType<Instruction> = z.object({
  id: z.string(),
  act: z.enum(ACTS),
  application: z.string().exactOptional(),
  subject: z.string().exactOptional(),
  by: z.string(),
  atMs: z.number(),
});

export const suspensionSchema: z.ZodType<Suspension> = z.object({
  name: z.string(),
  by: z.string().exactOptional(),
  atMs: z.number().exactOptional(),
});

/** `unknown`: there is no such cluster; `full`: so many wait already that nothing was stored. */
export type Asked = 'asked' | 'full' | 'unknown';

/** Returns what waits once `instruction` does too; `full` when it has no room. */
export function withInstruction(
  waiting: readonly Instruction[],
  instruction: Instruction,
): readonly Instruction[] | 'full' {
  if (waiting.some(({ id }) => id === instruction.id)) return waiting;
  return waiting.length >= MOST_INSTRUCTIONS ? 'full' : [...waiting, instruction];
}

/** Returns what waits after `taken` were done. */
export function withoutInstructions(
  waiting: readonly Instruction[],
  taken: readonly Instruction[],
): readonly Instruction[] {
  const ids = new Set(taken.map(({ id }) => id));
  return waiting.filter(({ id }) => !ids.has(id));
}

/** Returns the order in which they count: the one asked last has the last word. */
export function inOrderAsked(instructions: readonly Instruction[]): readonly Instruction[] {
  return instructions.toSorted((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
}

/** Returns the same text for the same instruction, wherever it was read. */
export function instructionText(instruction: Instruction): string {
  return canonicalJson({ ...instruction });
}
