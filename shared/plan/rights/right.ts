import type { ServiceAccountName } from '../../model/service-account.ts';

/** One right that a run uses, in the words of RBAC. */
export interface Right {
  /** Who needs it; absent: Plumbline itself. */
  readonly account?: ServiceAccountName;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** '': in the cluster at large. */
  readonly namespace: string;
  /** Absent: whatever the name. */
  readonly name?: string;
}

/** Returns one right for each verb. */
export function rights(verbs: string, of: Omit<Right, 'verb'>): readonly Right[] {
  return verbs.split(' ').map((verb) => ({ ...of, verb }));
}
