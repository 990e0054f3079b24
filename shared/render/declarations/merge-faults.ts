import { quoted } from '../../model/closest-word.ts';
import type { Problem } from '../../model/problem.ts';
import { type DeclarationDocument, type FieldFault, problemOf } from './declaration-document.ts';

export interface FaultOfItem {
  readonly document: DeclarationDocument;
  /** Its path is one of the document. */
  readonly fault: FieldFault;
  /** Item of the template that `document` is; absent: it is an Application. */
  readonly item?: string | undefined;
}

/** Returns the problem that each of `faults` is, in their order: one for all items that have the same, which it names. */
export function mergeFaults(faults: readonly FaultOfItem[]): readonly Problem[] {
  const keyOf = ({ document, fault }: FaultOfItem) =>
    JSON.stringify([document.path, document.index, fault.path, fault.wrong, fault.code]);
  const problemByKey = new Map<string, Problem>();
  for (const [key, same] of Map.groupBy(faults, keyOf)) {
    const [first] = same;
    if (first === undefined) continue;
    const items = [...new Set(same.flatMap(({ item }) => item ?? []))];
    const wrong = items.length === 0 ? first.fault.wrong : `${first.fault.wrong}, for ${quoted(items)}`;
    problemByKey.set(key, problemOf(first.document, { ...first.fault, wrong }));
  }
  return faults.flatMap((fault) => problemByKey.get(keyOf(fault)) ?? []);
}
