import type { Finding, FindingLevel } from '../../model/finding.ts';
import type { Problem } from '../../model/problem.ts';
import type { Revision } from '../../model/revision.ts';
import { count } from '../times.ts';

/** What the report of `validate` says, in whatever form: whether a fleet repository is good, without asking a cluster. */
export interface ValidationReport {
  /** The fleet repository, as it was named. */
  readonly fleet: string;
  readonly revision: Revision;
  readonly clusters: number;
  readonly applications: number;
  /** Rendered for all clusters together. */
  readonly objects: number;
  readonly durationMs: number;
  /** What is wrong with declarations and renderings; they are among the findings too. */
  readonly problems: readonly Problem[];
  /** What renderers warned of, each with its application; among the findings too. */
  readonly warnings: readonly string[];
  /** In the order in which they are shown. */
  readonly findings: readonly Finding[];
}

export type FindingCounts = Readonly<Record<FindingLevel, number>>;

export function countFindings(findings: readonly Finding[]): FindingCounts {
  const of = (wanted: FindingLevel) => findings.filter(({ level }) => level === wanted).length;
  return { error: of('error'), warning: of('warning'), note: of('note') };
}

/** Returns `2 errors, 1 warning`; '' when there is nothing to count. */
export function formatCounts({ error, warning, note }: FindingCounts): string {
  return [error > 0 && count(error, 'error'), warning > 0 && count(warning, 'warning'), note > 0 && count(note, 'note')]
    .filter((part) => part !== false)
    .join(', ');
}

/** Returns the exit status of `validate`: 1 when something is as bad as `failOn`, else 0. */
export function verdictOf(findings: readonly Finding[], failOn: 'error' | 'warning'): 0 | 1 {
  const { error, warning } = countFindings(findings);
  return error > 0 || (failOn === 'warning' && warning > 0) ? 1 : 0;
}
