/**
 * One line of an ignore file, matched as Git matches it. The walk over stars never goes back further than the last one,
 * so no pattern takes longer than its length times that of the path. Sources: gitignore(5); git, wildmatch.c.
 */
export interface IgnorePattern {
  /** `!` before it: what it matches is not ignored. */
  readonly isNegated: boolean;
  /** A slash after it: it matches folders alone. */
  readonly isForFolders: boolean;
  /** Tells whether it matches `path`, relative to the folder of its file. */
  matches(path: string): boolean;
}

/** One thing to match in a segment: a character, any character, a set of them, or any number of characters. */
type Token =
  | { readonly kind: 'literal'; readonly char: string }
  | { readonly kind: 'any' | 'star' }
  | { readonly kind: 'set'; readonly isNegated: boolean; readonly test: (char: string) => boolean };

/** Any number of folders, none too. */
const FOLDERS = '**';
type Segment = readonly Token[] | typeof FOLDERS;

const ANY_FOLDERS: readonly Segment[] = [FOLDERS];
/** Two stars at the end: at least one segment. */
const EVERYTHING_INSIDE: readonly Segment[] = [FOLDERS, [{ kind: 'star' }]];

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  digit: /[0-9]/,
  lower: /[a-z]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /\s/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

/** Returns undefined for an empty line, a comment, and a pattern that can match nothing. */
export function parseIgnoreLine(line: string): IgnorePattern | undefined {
  const text = withoutTrailingSpaces(line.replace(/\r$/, ''));
  if (text === '' || text.startsWith('#')) return undefined;
  const isNegated = text.startsWith('!');
  const pattern = isNegated ? text.slice(1) : text;
  const isForFolders = pattern.endsWith('/');
  const plain = isForFolders ? pattern.slice(0, -1) : pattern;
  if (plain === '') return undefined;
  // A slash at the beginning or in the middle ties it to the folder of its file.
  const isTied = plain.includes('/');
  const segments = parseSegments(plain.startsWith('/') ? plain.slice(1) : plain);
  if (segments === undefined) return undefined;
  const whole: readonly Segment[] = isTied ? segments : [FOLDERS, ...segments];
  return { isNegated, isForFolders, matches: (path) => matchPath(whole, path.split('/')) };
}

/** A space at the end counts only after a backslash. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ' && !isEscaped(line, end - 1)) end -= 1;
  return line.slice(0, end);
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

/** A slash inside of a set parts nothing, so the pattern is read from left to right. */
function parseSegments(pattern: string): readonly Segment[] | undefined {
  const segments: Segment[] = [];
  let tokens: Token[] = [];
  for (let at = 0; at <= pattern.length; ) {
    const stars = tokens.length === 0 ? starsAt(pattern, at) : 0;
    if (stars > 0) {
      segments.push(...(at + stars === pattern.length ? EVERYTHING_INSIDE : ANY_FOLDERS));
      at += stars + 1;
    } else if (at === pattern.length || pattern[at] === '/') {
      segments.push(tokens);
      tokens = [];
      at += 1;
    } else {
      const read = readToken(pattern, at);
      if (read === undefined) return undefined;
      tokens.push(read.token);
      at = read.end;
    }
  }
  return segments;
}

/** Returns how many stars are a segment of their own: two, and more mean the same. 0: none. */
function starsAt(pattern: string, at: number): number {
  return /^\*{2,}(?=\/|$)/.exec(pattern.slice(at))?.[0].length ?? 0;
}

interface ReadToken {
  readonly token: Token;
  readonly end: number;
}

function readToken(pattern: string, at: number): ReadToken | undefined {
  const char = pattern[at] ?? '';
  const end = at + 1;
  switch (char) {
    case '[':
      return readSet(pattern, end);
    case '*':
      return { token: { kind: 'star' }, end };
    case '?':
      return { token: { kind: 'any' }, end };
    default: {
      const literal = takeCharacter(pattern, at);
      return literal && { token: { kind: 'literal', char: literal.char }, end: literal.end };
    }
  }
}

/** `start` is behind the bracket; a `]` that comes first is one of the characters. */
function readSet(pattern: string, start: number): ReadToken | undefined {
  const isNegated = pattern[start] === '!' || pattern[start] === '^';
  const tests: SetPart['test'][] = [];
  let at = isNegated ? start + 1 : start;
  do {
    const part = readSetPart(pattern, at);
    if (part === undefined) return undefined;
    tests.push(part.test);
    at = part.end;
  } while (pattern[at] !== ']');
  return { token: { kind: 'set', isNegated, test: (char) => tests.some((test) => test(char)) }, end: at + 1 };
}

interface SetPart {
  readonly test: (char: string) => boolean;
  readonly end: number;
}

/** A class, a range or one character. */
function readSetPart(pattern: string, at: number): SetPart | undefined {
  const [named, name = ''] = /^\[:([a-z]+):\]/.exec(pattern.slice(at)) ?? [];
  if (named !== undefined) {
    const known = CLASSES[name];
    return known && { test: (char) => known.test(char), end: at + named.length };
  }
  const from = takeCharacter(pattern, at);
  const next = from && pattern[from.end + 1];
  const isRange = from !== undefined && pattern[from.end] === '-' && next !== undefined && next !== ']';
  const to = isRange ? takeCharacter(pattern, from.end + 1) : from;
  return from && to && { test: (char) => char >= from.char && char <= to.char, end: to.end };
}

function takeCharacter(part: string, at: number): { readonly char: string; readonly end: number } | undefined {
  const start = part[at] === '\\' ? at + 1 : at;
  const char = part[start];
  return char === undefined ? undefined : { char, end: start + 1 };
}

function matchPath(segments: readonly Segment[], path: readonly string[]): boolean {
  return matchWithStars(segments, path, {
    isStar: (segment) => segment === FOLDERS,
    fits: (segment, name) => segment !== FOLDERS && matchName(segment, name),
  });
}

function matchName(tokens: readonly Token[], name: string): boolean {
  return matchWithStars(tokens, [...name], {
    isStar: ({ kind }) => kind === 'star',
    fits: (token, char) => fitsCharacter(token, char),
  });
}

function fitsCharacter(token: Token, char: string): boolean {
  switch (token.kind) {
    case 'literal':
      return token.char === char;
    case 'any':
      return true;
    case 'set':
      return token.test(char) !== token.isNegated;
    case 'star':
      return false;
  }
}

/** A star takes as little as it can; what does not fit then gives one more to the last star. */
function matchWithStars<P, T>(
  pattern: readonly P[],
  text: readonly T[],
  { isStar, fits }: { readonly isStar: (one: P) => boolean; readonly fits: (one: P, item: T) => boolean },
): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let taken = 0;
  while (position < text.length) {
    const one = pattern[at];
    const item = text[position];
    if (one !== undefined && isStar(one)) {
      star = at++;
      taken = position;
    } else if (one !== undefined && item !== undefined && fits(one, item)) {
      at += 1;
      position += 1;
    } else if (star < 0) return false;
    else {
      at = star + 1;
      position = ++taken;
    }
  }
  return pattern.slice(at).every(isStar);
}
