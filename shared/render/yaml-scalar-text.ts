/**
 * The text of one YAML scalar: plain, quoted or block. How lines are folded, which escapes there are and where a scalar
 * ends is what go.yaml.in/yaml v2.4 does, which kubectl reads with; that is YAML 1.1, section 9, with its leniences.
 */
import { isBlank, isBreak, isBreakOrEnd, isSpace, type YamlCursor, YamlError } from './yaml-cursor.ts';

/** Blanks and breaks between two pieces of a scalar, before it is known that there is a second. */
interface Gap {
  blanks: string;
  /** The first line break; '' when there is none. */
  first: string;
  further: string;
  hasBreak: boolean;
}

function newGap(): Gap {
  return { blanks: '', first: '', further: '', hasBreak: false };
}

/** One line break is a blank, more of them are one less. */
function fold({ blanks, first, further, hasBreak }: Gap): string {
  if (!hasBreak) return blanks;
  if (first !== '\n') return first + further;
  return further === '' ? ' ' : further;
}

function takeGap(cursor: YamlCursor, gap: Gap, beforeBlank?: () => void): void {
  for (let code = cursor.code(); isBlank(code) || isBreak(code); code = cursor.code()) {
    if (isBlank(code)) {
      beforeBlank?.();
      if (!gap.hasBreak) gap.blanks += String.fromCharCode(code);
      cursor.at += 1;
    } else if (gap.hasBreak) gap.further += cursor.takeBreak();
    else {
      gap.first = cursor.takeBreak();
      gap.hasBreak = true;
    }
  }
}

export interface PlainScalar {
  readonly value: string;
  /** It ended at the beginning of a line, so that a key may follow. */
  readonly endedLine: boolean;
}

/** Takes a plain scalar; `indent` is the least that its further lines must be indented by. */
export function takePlain(
  cursor: YamlCursor,
  { indent, inFlow }: { readonly indent: number; readonly inFlow: boolean },
): PlainScalar {
  const start = cursor.at;
  let value = '';
  let gap = newGap();
  const refuseTab = () => {
    if (!gap.hasBreak || cursor.column >= indent || cursor.code() !== 0x09) return;
    throw new YamlError(cursor.at, 'a tab stands where the text of the line above is indented', 'indent with spaces');
  };
  while (!cursor.isAtDocumentMark() && cursor.code() !== 0x23) {
    const from = cursor.at;
    skipPlainPiece(cursor, inFlow);
    if (cursor.at > from) {
      value =
        from === start ? cursor.text.slice(from, cursor.at) : value + fold(gap) + cursor.text.slice(from, cursor.at);
      gap = newGap();
    }
    const code = cursor.code();
    if (!isBlank(code) && !isBreak(code)) break;
    takeGap(cursor, gap, refuseTab);
    if (!inFlow && cursor.column < indent) break;
  }
  return { value, endedLine: gap.hasBreak };
}

function skipPlainPiece(cursor: YamlCursor, inFlow: boolean): void {
  for (let code = cursor.code(); !isSpace(code); code = cursor.code()) {
    if (code === 0x3a && isSpace(cursor.code(1))) return;
    if (inFlow && isFlowMark(code)) return;
    cursor.at += 1;
  }
}

/** `,` `?` `[` `]` `{` `}` */
function isFlowMark(code: number): boolean {
  return code === 0x2c || code === 0x3f || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

const SINGLE = 0x27;
const BACKSLASH = 0x5c;

/** Takes a quoted scalar, which begins where the cursor stands. */
export function takeQuoted(cursor: YamlCursor): string {
  const start = cursor.at;
  const quote = cursor.code();
  cursor.at += 1;
  let value = '';
  for (;;) {
    if (cursor.isAtDocumentMark()) {
      throw new YamlError(cursor.at, 'a document ends within quotes', 'close the quotes before it');
    }
    if (cursor.code() === -1) throw new YamlError(start, 'the quotes are not closed', 'close the quotes');
    const gap = newGap();
    value += takeQuotedPiece(cursor, quote, gap);
    if (cursor.code() === quote) break;
    takeGap(cursor, gap);
    value += fold(gap);
  }
  cursor.at += 1;
  return value;
}

/** Up to a blank, a break or the closing quote. A break behind a backslash begins the gap, and is no part of it. */
function takeQuotedPiece(cursor: YamlCursor, quote: number, gap: Gap): string {
  let value = '';
  let from = cursor.at;
  for (let code = cursor.code(); !isSpace(code); code = cursor.code()) {
    if (code === quote) {
      if (quote !== SINGLE || cursor.code(1) !== SINGLE) break;
      value += cursor.text.slice(from, cursor.at + 1);
      cursor.at += 2;
      from = cursor.at;
    } else if (code === BACKSLASH && quote !== SINGLE) {
      value += cursor.text.slice(from, cursor.at);
      if (isBreak(cursor.code(1))) {
        cursor.at += 1;
        cursor.takeBreak();
        gap.hasBreak = true;
        return value;
      }
      value += takeEscape(cursor);
      from = cursor.at;
    } else cursor.at += 1;
  }
  return value + cursor.text.slice(from, cursor.at);
}

const ESCAPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ '0': '\0', a: '\x07', b: '\b', t: '\t', '\t': '\t', n: '\n', v: '\v', f: '\f', r: '\r', e: '\x1b' },
    ...{ ' ': ' ', '"': '"', "'": "'", '\\': '\\', N: '\x85', _: '\xa0', L: '\u2028', P: '\u2029' },
  }),
);
const CODE_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

function takeEscape(cursor: YamlCursor): string {
  const name = cursor.text.charAt(cursor.at + 1);
  const known = cursor.isJson && name === '/' ? '/' : ESCAPES.get(name);
  const length = CODE_LENGTHS.get(name);
  if (known === undefined && length === undefined) {
    throw new YamlError(
      cursor.at,
      `"\\${name}" is no escape that kubectl knows`,
      'write "\\\\" for a backslash, or quote with \'',
    );
  }
  cursor.at += 2;
  if (known !== undefined || length === undefined) return known ?? '';
  const digits = cursor.text.slice(cursor.at, cursor.at + length);
  const code = /^[0-9A-Fa-f]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : Number.NaN;
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  const isCharacter = code <= 0x10ffff && (cursor.isJson || !isSurrogate);
  if (!isCharacter) {
    const wrong = `"\\${name}${digits}" names no character`;
    throw new YamlError(cursor.at - 2, wrong, `give the ${length} hexadecimal digits of one`);
  }
  cursor.at += length;
  return String.fromCodePoint(code);
}

/** Takes a block scalar; `parentIndent` is the column of the block that it stands in, -1 for none. */
export function takeBlock(cursor: YamlCursor, parentIndent: number): string {
  const isLiteral = cursor.code() === 0x7c;
  const { chomping, increment } = takeHeader(cursor);
  let value = '';
  let lineBreak = '';
  let { indent, breaks } = takeEmptyLines(
    cursor,
    increment === 0 ? 0 : Math.max(parentIndent, 0) + increment,
    parentIndent,
  );
  let wasIndentedMore = false;
  while (cursor.column === indent && cursor.code() !== -1) {
    const isIndentedMore = isBlank(cursor.code());
    const isFolded = !isLiteral && !wasIndentedMore && !isIndentedMore && lineBreak === '\n';
    if (!isFolded) value += lineBreak;
    else if (breaks === '') value += ' ';
    value += breaks;
    wasIndentedMore = isIndentedMore;
    const from = cursor.at;
    cursor.skipComment();
    value += cursor.text.slice(from, cursor.at);
    lineBreak = cursor.code() === -1 ? '' : cursor.takeBreak();
    ({ indent, breaks } = takeEmptyLines(cursor, indent, parentIndent));
  }
  if (chomping === '-') return value;
  return chomping === '+' ? value + lineBreak + breaks : value + lineBreak;
}

const HEADER = /[|>](?:([+-])([0-9])?|([0-9])([+-])?)?/y;

function takeHeader(cursor: YamlCursor): { readonly chomping: string; readonly increment: number } {
  const start = cursor.at;
  HEADER.lastIndex = start;
  const [header = '', before, digitAfter, digit, after] = HEADER.exec(cursor.text) ?? [];
  cursor.at += header.length;
  const increment = digitAfter ?? digit;
  if (increment === '0') {
    throw new YamlError(start, 'a block scalar cannot be indented by 0', 'give 1 to 9, or leave it away');
  }
  cursor.skipBlanks();
  if (cursor.code() === 0x23) cursor.skipComment();
  if (!isBreakOrEnd(cursor.code())) {
    const wrong = 'the text of a block scalar begins on the line of its mark';
    throw new YamlError(cursor.at, wrong, 'begin it on the next line');
  }
  if (cursor.code() !== -1) cursor.takeBreak();
  return { chomping: before ?? after ?? '', increment: Number(increment ?? 0) };
}

/** Goes over lines without text; where `indent` is 0, finds out what the first line with text is indented by. */
function takeEmptyLines(
  cursor: YamlCursor,
  indent: number,
  parentIndent: number,
): { readonly indent: number; readonly breaks: string } {
  let breaks = '';
  let deepest = 0;
  for (;;) {
    while ((indent === 0 || cursor.column < indent) && cursor.code() === 0x20) cursor.at += 1;
    deepest = Math.max(deepest, cursor.column);
    if ((indent === 0 || cursor.column < indent) && cursor.code() === 0x09) {
      throw new YamlError(cursor.at, 'a tab stands where a block scalar is indented', 'indent with spaces');
    }
    if (!isBreak(cursor.code())) break;
    breaks += cursor.takeBreak();
  }
  return { indent: indent === 0 ? Math.max(deepest, parentIndent + 1, 1) : indent, breaks };
}
