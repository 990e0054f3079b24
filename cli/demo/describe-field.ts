import type { DriftedField } from '../../shared/model/drift.ts';
import { formatTransition } from '../../shared/report/values.ts';

/** Returns `spec.replicas 2 → 7 by kubectl`. */
export function describeField({ path, wanted, found, manager }: DriftedField): string {
  const by = manager === undefined ? '' : ` by ${manager}`;
  return `${path} ${formatTransition(wanted, found, 60)}${by}`;
}
