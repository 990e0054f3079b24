/**
 * A place in a YAML text that moves on. Offsets are UTF-16 code units, lines count from 0; -1 stands for the end of the
 * text. The five line breaks of YAML 1.1 all end a line.
 */

/** Where a text breaks the rules of YAML, in words for whoever wrote it. */
export class YamlError extends Error {
  readonly offset: number;
  readonly remedy: string;

  constructor(offset: number, wrong: string, remedy: string) {
    super(wrong);
    this.name = 'YamlError';
    this.offset = offset;
    this.remedy = remedy;
  }
}

const LF = 0x0a;
const CR = 0x0d;

export function isBreak(code: number): boolean {
  return code === LF || code === CR || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

export function isBreakOrEnd(code: number): boolean {
  return code === -1 || isBreak(code);
}

/** Blank, line break or end. */
export function isSpace(code: number): boolean {
  return isBlank(code) || isBreakOrEnd(code);
}

/** Letters, digits, `_` and `-` of ASCII. */
export function isWord(code: number): boolean {
  if (code >= 0x61) return code <= 0x7a;
  if (code >= 0x41) return code <= 0x5a || code === 0x5f;
  return (code >= 0x30 && code <= 0x39) || code === 0x2d;
}

export class YamlCursor {
  readonly text: string;
  /** JSON has escapes that YAML 1.1 does not. */
  readonly isJson: boolean;
  at: number;
  line = 0;
  /** Offset that the line begins at. */
  lineStart: number;

  /** A byte order mark at the beginning is no part of the text. */
  constructor(text: string, isJson = false) {
    this.text = text;
    this.isJson = isJson;
    this.at = text.startsWith('\uFEFF') ? 1 : 0;
    this.lineStart = this.at;
  }

  get column(): number {
    return this.at - this.lineStart;
  }

  /** Returns the character so far ahead. */
  code(ahead = 0): number {
    const at = this.at + ahead;
    return at < this.text.length ? this.text.charCodeAt(at) : -1;
  }

  /** Goes over a line break and returns what it counts as in a scalar: `\n`, but for the two of Unicode. */
  takeBreak(): string {
    const code = this.code();
    this.at += code === CR && this.code(1) === LF ? 2 : 1;
    this.line += 1;
    this.lineStart = this.at;
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n';
  }

  skipBlanks(): void {
    while (isBlank(this.code())) this.at += 1;
  }

  /** Goes to the end of the line. */
  skipComment(): void {
    while (!isBreakOrEnd(this.code())) this.at += 1;
  }

  /** `---` or `...` by themselves at the beginning of a line. */
  isAtDocumentMark(): boolean {
    if (this.at !== this.lineStart) return false;
    const code = this.code();
    const isMark = code === 0x2d || code === 0x2e;
    return isMark && this.code(1) === code && this.code(2) === code && isSpace(this.code(3));
  }
}
