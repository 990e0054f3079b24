/**
 * Patterns of CRDs, in the syntax of RE2 that the API server goes by. RE2 takes time linear in the text: a pattern that
 * someone wrote to keep a backtracking engine busy holds nothing up.
 */
import { RE2JS } from '@bufbuild/re2';

export interface Pattern {
  test(text: string): boolean;
}

const patterns = new Map<string, Pattern | undefined>();

/** Returns the pattern compiled; undefined when it is none, of which the API server complains at the CRD. */
export function patternOf(text: string): Pattern | undefined {
  if (!patterns.has(text)) patterns.set(text, compile(text));
  return patterns.get(text);
}

function compile(text: string): Pattern | undefined {
  try {
    const compiled = RE2JS.compile(text);
    return { test: (value) => compiled.test(value) };
  } catch {
    return undefined;
  }
}
