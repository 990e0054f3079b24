/** The lines of one object's diff. */

import { diffLines, type LineChange } from './diff-lines.ts';
import type { FieldChange } from './diff-objects.ts';
import { clip, dim, green, red, widthOf } from './terminal.ts';
import { formatTransition, formatValue } from './values.ts';

export interface DiffTextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Every field, every line, uncut. */
  readonly full: boolean;
}

const FIELDS_SHOWN = 12;
const TEXT_LINES_SHOWN = 8;
/** Paths longer than this are not padded to one column with the others. */
const PATH_WIDTH = 72;
const LEAST_VALUE_WIDTH = 16;

/** Returns the lines that show `changes` behind `indent`; without `full`, what is left out is counted. */
export function fieldChangeLines(
  changes: readonly FieldChange[],
  indent: string,
  options: DiffTextOptions,
): readonly string[] {
  const shown = options.full ? changes : changes.slice(0, FIELDS_SHOWN);
  const hidden = changes.length - shown.length;
  const pathWidth = Math.min(PATH_WIDTH, Math.max(0, ...shown.map(({ path }) => widthOf(path))));
  return [
    ...shown.flatMap((change) => linesOf(change, pathWidth, options)),
    ...(hidden === 0 ? [] : [dim(`… and ${hidden} more fields (--full)`)]),
  ].map((line) => `${indent}${line}`);
}

function linesOf(change: FieldChange, pathWidth: number, { width, full }: DiffTextOptions): readonly string[] {
  const { path, before, after } = change;
  if (isText(before) && isText(after)) return [path, ...textLines(diffLines(before, after), full)];
  const room = full ? Number.POSITIVE_INFINITY : Math.max(LEAST_VALUE_WIDTH, width - pathWidth - 12);
  const name = path.padEnd(pathWidth);
  if (before === undefined && after !== undefined) return [green(`${name}   + ${clip(formatValue(after), room)}`)];
  if (after === undefined && before !== undefined) return [red(`${name}   - ${clip(formatValue(before), room)}`)];
  return [`${name}   ${formatTransition(before, after, Math.max(LEAST_VALUE_WIDTH, Math.floor(room / 2)))}`];
}

function textLines(changes: readonly LineChange[], full: boolean): readonly string[] {
  const shown = full ? changes : changes.slice(0, TEXT_LINES_SHOWN);
  const hidden = changes.length - shown.length;
  return [
    ...shown.flatMap(({ sign, text, afterGap }) => [
      ...(afterGap ? [dim('  …')] : []),
      sign === '+' ? green(`  + ${text}`) : red(`  - ${text}`),
    ]),
    ...(hidden === 0 ? [] : [dim(`  … and ${hidden} more lines (--full)`)]),
  ];
}

/** A file in a field: at least one side has several lines. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\n');
}
