/**
 * Refusals of deletions, and people's approvals of them. An approval names what may be deleted and holds for that alone:
 * for a part of it too, since deleting takes several runs, and not for anything more.
 */
import { createHash } from 'node:crypto';
import type { Approval, DeletionGuard } from '../../model/approval.ts';
import type { Problem } from '../../model/problem.ts';
import type { GuardRefusal } from './guard-refusal.ts';

export interface DeletionRefusal extends GuardRefusal {
  readonly guard: DeletionGuard;
  /** Of guard, application and `deletes`. */
  readonly digest: string;
  /** What would be deleted: uids of objects; for `removal-limit` names of applications. */
  readonly deletes: readonly string[];
}

interface Deletion {
  readonly guard: DeletionGuard;
  /** Undefined: the whole cluster. */
  readonly application: string | undefined;
  readonly cluster: string;
  readonly deletes: readonly string[];
  readonly wrong: string;
  readonly remedy: string;
}

const DIGEST_LENGTH = 12;

/** Returns the refusal; its remedy says how it is approved. */
export function refuseDeletion({ guard, application, cluster, deletes, wrong, remedy }: Deletion): DeletionRefusal {
  const digest = createHash('sha256')
    .update(JSON.stringify([guard, application, deletes.toSorted()]))
    .digest('hex')
    .slice(0, DIGEST_LENGTH);
  const what = ['plumbline approve', application, `--cluster ${cluster} --refusal ${digest}`];
  const problem: Problem = {
    code: 'GuardRefused',
    subject: application === undefined ? cluster : `Application ${application}`,
    act: 'plan',
    wrong,
    remedy: `${remedy}; or let exactly this happen: ${what.filter((part) => part !== undefined).join(' ')}`,
    refusal: { digest, ...(application !== undefined && { application }) },
  };
  return { guard, application, digest, deletes, stopsPrunes: true, problem };
}

/** Tells whether a person has approved what is refused, or more than that. */
export function isApproved(refusal: DeletionRefusal, approvals: readonly Approval[]): boolean {
  return approvals.some(({ guard, application, covers }) => {
    if (guard !== refusal.guard || application !== refusal.application) return false;
    const covered = new Set(covers);
    return refusal.deletes.every((one) => covered.has(one));
  });
}
