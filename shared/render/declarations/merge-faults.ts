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
    const wrong = items.length === 0 ? first.fault.wrong : `${first.fault.wrong}, for ${listed(items)}`;
    problemByKey.set(key, problemOf(first.document, { ...first.fault, wrong }));
  }
  return faults.flatMap((fault) => problemByKey.get(keyOf(fault)) ?? []);
}

const MOST_LISTED = 12;

function listed(items: readonly string[]): string {
  const more = items.length > MOST_LISTED ? ` and ${items.length - MOST_LISTED} more` : '';
  return `${items.slice(0, MOST_LISTED).join('; ')}${more}`;
}
