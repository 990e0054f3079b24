/**
 * Text for a terminal. Whatever a repository or a cluster says may hold escape codes that move the cursor or rewrite what
 * stands above, so styles are kept as private-use characters until `printLines`, which first makes every control
 * character visible and only then turns styles into codes. Foreign text can at worst colour itself.
 */

/** Private-use characters that stand for a style; their place in the list gives the escape code. */
const STYLES = [
  ['\u{e0f1}', 31],
  ['\u{e0f2}', 32],
  ['\u{e0f3}', 33],
  ['\u{e0f4}', 2],
  ['\u{e0f5}', 1],
  ['\u{e0ff}', 0],
] as const;
const [[RED], [GREEN], [YELLOW], [DIM], [BOLD], [RESET]] = STYLES;
const STYLE_MARK = /[\u{e0f1}-\u{e0f5}\u{e0ff}]/gu;
/** C0, DEL and C1; line and paragraph separators; marks that turn the direction of text or join nothing visibly. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

const styled = (mark: string) => (text: string) => (text === '' ? '' : `${mark}${text}${RESET}`);
export const red = styled(RED);
export const green = styled(GREEN);
export const yellow = styled(YELLOW);
export const dim = styled(DIM);
export const bold = styled(BOLD);

/** Each state has a sign of its own, so that colour is never the only difference. */
export const SIGN = {
  good: green('✓'),
  bad: red('✗'),
  busy: yellow('…'),
  change: yellow('~'),
  add: green('+'),
  gone: red('-'),
  still: dim('='),
} as const;

/** Returns the lines as one text that ends with a line break, safe to write to a terminal or a log. */
export function printLines(lines: readonly string[], { color }: { readonly color: boolean }): string {
  return lines.map((line) => `${paint(line.replace(UNPRINTABLE, showCharacter), color).trimEnd()}\n`).join('');
}

/** Returns how many columns `text` takes, styles not counted. Characters of double width count as one. */
export function widthOf(text: string): number {
  return [...text.replace(STYLE_MARK, '')].length;
}

/** Returns `text` cut to `width` columns, with `…` at the cut. Meant for text without styles. */
export function clip(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Returns one line a row, cells padded so that columns line up; the last cell of a row is not padded. */
export function columns(rows: readonly (readonly string[])[], gap = 2): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.slice(0, -1).forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
    });
  }
  return rows.map((row) =>
    row.map((cell, index) => (index === row.length - 1 ? cell : pad(cell, (widths[index] ?? 0) + gap))).join(''),
  );
}

/** Returns the lines of `text` (a message of several lines stays one) behind `indent`. */
export function indentText(text: string, indent: string): readonly string[] {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => `${indent}${line}`);
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - widthOf(cell)));
}

function paint(line: string, color: boolean): string {
  return line.replace(STYLE_MARK, (mark) => {
    const code = STYLES.find(([style]) => style === mark)?.[1];
    return color && code !== undefined ? `\u001b[${code}m` : '';
  });
}

/** Returns the character as an escape that is plain to see: `\n`, `\t`, `\u{1b}`. */
function showCharacter(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  if (character === '\r') return '\\r';
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
