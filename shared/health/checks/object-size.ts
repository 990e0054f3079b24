import type { KubeObject } from '../../model/kube-object.ts';

export interface ObjectSize {
  /** Of its largest list or map. */
  readonly entries: number;
  /** Of its longest text, in UTF-16 units. */
  readonly textLength: number;
}

/** Returns how large the largest parts of `object` are. */
export function sizeOf(object: KubeObject): ObjectSize {
  let [entries, textLength] = [0, 0];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') textLength = Math.max(textLength, value.length);
    if (typeof value !== 'object' || value === null) return;
    const parts: readonly unknown[] = Object.values(value);
    entries = Math.max(entries, parts.length);
    for (const part of parts) visit(part);
  };
  visit(object);
  return { entries, textLength };
}
