/**
 * The JSON of a server-side apply. The API server reads it as YAML 1.1 even when it is JSON (go.yaml.in/yaml/v2), which
 * refuses some characters raw, turns U+0085 into a space, and knows no surrogate pairs as escapes: so those characters
 * are escaped and everything beyond the basic plane stays raw. Tried through kubectl 1.36.
 */
import { stringifyJson } from '../../model/json-text.ts';

const UNREADABLE_RAW = /[\x7f-\x9f\u2028\u2029\ufffe\uffff]/g;
/** JSON.stringify escapes a surrogate only where its other half is missing. */
const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\u(d[89a-f][0-9a-f]{2})/;

export type JsonBody =
  | { readonly ok: true; readonly text: string }
  /** Half of a surrogate pair, which is no character: `d83d`. */
  | { readonly ok: false; readonly loneSurrogate: string };

/** Returns `value` as JSON text that the API server reads as the same value. */
export function formatJsonBody(value: unknown): JsonBody {
  const text = stringifyJson(value);
  const lone = text.includes('\\ud') ? LONE_SURROGATE.exec(text)?.[1] : undefined;
  if (lone !== undefined) return { ok: false, loneSurrogate: lone };
  return { ok: true, text: text.replace(UNREADABLE_RAW, escapeCharacter) };
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
