/** Patterns of the shell, as `${name#pattern}` takes them: `*`, `?`, `[a-z]`, `[^a]` and `\` before any of these. */

type Step = { readonly kind: 'any-text' } | { readonly kind: 'one'; readonly fits: (character: string) => boolean };

/** Returns the pattern read; undefined: a bracket or a backslash at its end is left open. */
export function readPattern(pattern: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  const rest = [...pattern];
  for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
    if (next === '*') {
      if (steps.at(-1)?.kind !== 'any-text') steps.push({ kind: 'any-text' });
    } else {
      const fits = next === '[' ? readClass(rest) : readOne(next, rest);
      if (fits === undefined) return undefined;
      steps.push({ kind: 'one', fits });
    }
  }
  return steps;
}

function readOne(next: string, rest: string[]): ((character: string) => boolean) | undefined {
  if (next === '?') return () => true;
  const wanted = next === '\\' ? rest.shift() : next;
  return wanted === undefined ? undefined : (character) => character === wanted;
}

function readClass(rest: string[]): ((character: string) => boolean) | undefined {
  const isNegated = rest[0] === '^';
  if (isNegated) rest.shift();
  const ranges: (readonly [string, string])[] = [];
  while (rest[0] !== ']' || ranges.length === 0) {
    const low = readBound(rest);
    if (low === undefined) return undefined;
    const isRange = rest[0] === '-';
    if (isRange) rest.shift();
    const high = isRange ? readBound(rest) : low;
    if (high === undefined) return undefined;
    ranges.push([low, high]);
  }
  rest.shift();
  return (character) => ranges.some(([low, high]) => low <= character && character <= high) !== isNegated;
}

function readBound(rest: string[]): string | undefined {
  const next = rest.shift();
  if (next === '-' || next === ']') return undefined;
  return next === '\\' ? rest.shift() : next;
}

/** Tells whether all of `text` fits. In the worst case it looks at each character once for each step. */
export function fitsPattern(steps: readonly Step[], text: readonly string[]): boolean {
  let step = 0;
  let at = 0;
  let star: { readonly step: number; at: number } | undefined;
  while (at < text.length) {
    const wanted = steps[step];
    const character = text[at] ?? '';
    if (wanted?.kind === 'any-text') {
      star = { step, at };
      step += 1;
    } else if (wanted?.fits(character) === true) {
      step += 1;
      at += 1;
    } else if (star !== undefined) {
      star.at += 1;
      at = star.at;
      step = star.step + 1;
    } else return false;
  }
  return steps.slice(step).every(({ kind }) => kind === 'any-text');
}
