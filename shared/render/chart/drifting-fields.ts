/** What differs between two renderings of one input: it would differ in every later one too, and be applied each time. */

import type { RenderedObject } from '../../model/desired-state.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { refOf } from '../../model/kube-object.ts';
import { formatRef } from '../../model/object-ref.ts';

export interface DriftingObject {
  /** As people write it: `Secret/web/keys`; of one whose name is chance too, `a Secret`. */
  readonly object: string;
  readonly path: string;
  /** JSON pointers of what differs, in the order of the object; never its values, which are passwords as a rule. */
  readonly fields: readonly string[];
}

/** Returns the objects of `first` that came out differently in `second`, in their order. */
export function driftingFields(
  first: readonly RenderedObject[],
  second: readonly RenderedObject[],
): readonly DriftingObject[] {
  return first.flatMap(({ object, source }, index): readonly DriftingObject[] => {
    const other = second[index]?.object;
    const fields = other === undefined ? [''] : differences(object as Json, other as Json, '');
    if (fields.length === 0) return [];
    const isNamed = !fields.some((field) => ['', '/metadata', '/metadata/name'].includes(field));
    return [{ object: isNamed ? formatRef(refOf(object)) : `a ${object.kind}`, path: source.path, fields }];
  });
}

/** A key that only one of them has may be chance itself: the map that it stands in is named. */
function differences(a: Json | undefined, b: Json | undefined, at: string): readonly string[] {
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    return a.flatMap((item: Json, index) => differences(item, b[index], `${at}/${index}`));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return Object.is(a, b) ? [] : [at];
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length || keys.some((key) => !(key in b))) return [at];
  return keys.flatMap((key) => differences(a[key], b[key], `${at}/${escapeStep(key)}`));
}

function escapeStep(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
