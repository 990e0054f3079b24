/** Errors about tokens that stand where they cannot. */
import { YamlError } from './yaml-cursor.ts';
import type { Token, TokenKind } from './yaml-token.ts';

/** Far above what Kubernetes objects need (a CRD's schema comes to about 60), far below what ends a stack. */
export const MAX_DEPTH = 250;

export function tooDeep({ start }: Token): YamlError {
  return new YamlError(start, `it is nested deeper than ${MAX_DEPTH} levels`, 'make it flatter');
}

export function misplaced({ kind, start }: Token): YamlError {
  const names: Partial<Record<TokenKind, string>> = { end: 'the end of the text', 'block-end': 'the end of the block' };
  const wrong = `${names[kind] ?? 'something'} stands where a value was expected`;
  return new YamlError(start, wrong, 'close brackets and quotes above it, and indent it like its neighbours');
}
