/** Values of fields as one reads them in a line of a report. */
import type { Json } from '../model/json.ts';
import { stringifyJson } from '../model/json-text.ts';
import { clip } from './terminal.ts';

/** Words that YAML would not read as text: without quotes one could not tell `"off"` from a boolean. */
const NOT_TEXT = /^(?:true|false|null|yes|no|on|off|y|n|~|[-+]?[0-9.][0-9._]*(?:e[-+]?[0-9]+)?|0[xo][0-9a-f]+)$/i;
const PLAIN = /^[^\s"'{}[\],#&*!|>%@`](?:[^\n\r\t]*\S)?$/;

/** Returns `value` on one line: text without quotes where nothing else could be meant, everything else as JSON. */
export function formatValue(value: Json): string {
  if (typeof value !== 'string') return stringifyJson(value);
  return value.startsWith('***') || (PLAIN.test(value) && !NOT_TEXT.test(value)) ? value : JSON.stringify(value);
}

/** Returns `128Mi → 256Mi`; `(none)` stands for a field that is not there. Each value takes at most `width` columns. */
export function formatTransition(before: Json | undefined, after: Json | undefined, width: number): string {
  const show = (value: Json | undefined) => (value === undefined ? '(none)' : clip(formatValue(value), width));
  return `${show(before)} → ${show(after)}`;
}
