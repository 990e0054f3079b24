/** Returns the word of `words` that was probably meant by `word`: at most a third of its letters apart, two at least. */
export function closestWord(word: string, words: Iterable<string>): string | undefined {
  const limit = Math.max(2, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of words) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance && distance < candidate.length) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Returns `did you mean "x"?` where something is close, and what there is otherwise. */
export function suggest(word: string, words: readonly string[], kind: string): string {
  const closest = closestWord(word, words);
  if (closest !== undefined) return `did you mean "${closest}"?`;
  return words.length === 0 ? `declare it: there is no ${kind} yet` : `use one of ${quoted(words)}`;
}

/** Returns at most twelve words, quoted, in their order. */
export function quoted(words: readonly string[]): string {
  const shown = words.slice(0, 12).map((word) => `"${word}"`);
  return words.length > shown.length ? `${shown.join(', ')} and ${words.length - shown.length} more` : shown.join(', ');
}

/** Counts the letters to insert, remove, replace or swap with their neighbour (optimal string alignment distance). */
function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, at(beforeLast, j - 2) + 1);
      row.push(best);
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
