import type { Finding, FindingLevel } from '../../model/finding.ts';
import { stringifyJson } from '../../model/json-text.ts';

const WEIGHT: Readonly<Record<FindingLevel, number>> = { error: 0, warning: 1, note: 2 };

/**
 * Returns each different finding once, with all clusters and applications that it concerns: errors first, then by the
 * place where it stands.
 */
export function mergeFindings(findings: readonly Finding[]): readonly Finding[] {
  const groups = Map.groupBy(findings, ({ clusters: _clusters, applications: _applications, ...rest }) =>
    stringifyJson({ ...rest }),
  );
  const merged = [...groups.values()].map((group): Finding => {
    const [first] = group;
    if (first === undefined) throw new Error('a group of findings is empty');
    if (group.length === 1) return first;
    const sorted = (names: readonly string[]) => [...new Set(names)].sort();
    return {
      ...first,
      clusters: sorted(group.flatMap(({ clusters }) => clusters)),
      applications: sorted(group.flatMap(({ applications }) => applications)),
    };
  });
  return merged.toSorted(
    (a, b) =>
      WEIGHT[a.level] - WEIGHT[b.level] ||
      byText(a.place?.path ?? '', b.place?.path ?? '') ||
      (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
      byText(a.subject, b.subject),
  );
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
