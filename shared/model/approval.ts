/** A person's yes to what a guard refused: to exactly these deletions, and to no later ones. */
import * as z from 'zod';

/** Guards that a person may overrule: they refuse deletions, and nothing that would be wrong. */
export const DELETION_GUARDS = [
  'empty-render',
  'prune-limit',
  'protected-kinds',
  'confirm',
  'removal-limit',
  'fleet-removal-limit',
] as const;
export type DeletionGuard = (typeof DELETION_GUARDS)[number];

export interface Approval {
  readonly guard: DeletionGuard;
  /** Absent: the whole cluster. */
  readonly application?: string;
  /** Of the refusal that was approved. */
  readonly digest: string;
  /** What may be deleted: uids of objects; for the removal limits names of applications. */
  readonly covers: readonly string[];
  readonly by: string;
  readonly atMs: number;
}

export const approvalSchema: z.ZodType<Approval> = z.object({
  guard: z.enum(DELETION_GUARDS),
  application: z.string().exactOptional(),
  digest: z.string(),
  covers: z.array(z.string()),
  by: z.string(),
  atMs: z.number(),
});
