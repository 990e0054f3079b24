/** Lines that differ between two texts, for values of ConfigMaps that hold whole files. */

export interface LineChange {
  readonly sign: '-' | '+';
  readonly text: string;
  /** True where unchanged lines lie between this and the change before it. */
  readonly afterGap: boolean;
}

/** A table of more cells than this costs more time than its answer is worth; then all differing lines are listed. */
const MAX_CELLS = 250_000;

/** Returns removed and added lines in order, a longest common subsequence left out. Quadratic in the lines that differ. */
export function diffLines(before: string, after: string): readonly LineChange[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return changesBetween(a.slice(start, a.length - end), b.slice(start, b.length - end));
}

function changesBetween(a: readonly string[], b: readonly string[]): readonly LineChange[] {
  const common = a.length * b.length > MAX_CELLS ? [] : commonLines(a, b);
  const changes: LineChange[] = [];
  let [i, j] = [0, 0];
  for (const [nextA, nextB] of [...common, [a.length, b.length] as const]) {
    let afterGap = i + j > 0;
    for (; i < nextA; i += 1, afterGap = false) changes.push({ sign: '-', text: a[i] ?? '', afterGap });
    for (; j < nextB; j += 1, afterGap = false) changes.push({ sign: '+', text: b[j] ?? '', afterGap });
    [i, j] = [nextA + 1, nextB + 1];
  }
  return changes;
}

/** Returns the positions of a longest common subsequence, in order. */
function commonLines(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}
