/**
 * What one YAML scalar means to kubectl (sigs.k8s.io/yaml over its own YAML 1.1 reader): no JavaScript schema agrees.
 * Each rule was tried against kubectl 1.36.3 (test/unit/render/yaml-oracle.test.ts). Octals as `0644`, `0o644` and
 * `0o` in capitals, binary, hexadecimal, `_` anywhere in a number, `y` and `on` as booleans; dates and sexagesimals
 * stay strings; an integer beyond int64 is a float.
 */
import type { Json } from '../model/json.ts';

const WORDS: ReadonlyMap<string, null | boolean | number> = new Map<string, null | boolean | number>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

const INTEGER = /^([-+]?)(?:(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+)|0([0-7]+)|(0|[1-9][0-9]*))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const NUMBER_START = /^[-+.0-9]/;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Returns the value of a plain (unquoted, untagged) scalar; `.inf` and `.nan` come back as such, JSON has no word for them. */
export function resolvePlain(text: string): Json {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  return NUMBER_START.test(text) ? resolveNumber(text) : text;
}

function resolveNumber(text: string): Json {
  // Behind a leading dot kubectl takes `_` as Go does, between two digits alone.
  const digits = text.startsWith('.') ? text.replaceAll(/(?<=[0-9])_(?=[0-9])/g, '') : text.replaceAll('_', '');
  const exact = readInteger(digits);
  if (exact !== undefined && exact >= INT64_MIN && exact <= INT64_MAX) {
    const rounded = Number(exact);
    return Number.isSafeInteger(rounded) ? rounded : exact;
  }
  if (exact !== undefined && exact > 0n && exact < 2n ** 64n && !digits.startsWith('+')) return Number(exact);
  const float = FLOAT.test(digits) ? Number(digits) : Number.NaN;
  return Number.isFinite(float) ? float + 0 : text; // + 0 makes -0 the 0 that kubectl prints
}

function readInteger(digits: string): bigint | undefined {
  const [, sign, prefixed, octal, decimal] = INTEGER.exec(digits) ?? [];
  const text = prefixed ?? (octal === undefined ? decimal : `0o${octal}`);
  if (text === undefined) return undefined;
  return sign === '-' ? -BigInt(text) : BigInt(text);
}

/**
 * Returns the value of a scalar with an explicit tag, given in full (`tag:yaml.org,2002:int`). Tags that kubectl does
 * not know leave the text as it is.
 *
 * @throws {TypeError} when the text does not fit the tag.
 */
export function resolveTagged(tag: string, text: string): Json {
  const name = tag.startsWith('tag:yaml.org,2002:') ? tag.slice('tag:yaml.org,2002:'.length) : '';
  if (name === 'binary') return decodeBinary(text);
  const isWanted = FITS[name];
  if (isWanted === undefined) return text;
  const value = resolvePlain(text);
  if (!isWanted(value, text)) throw new TypeError(`${JSON.stringify(text)} is not a !!${name}`);
  return name === 'float' ? Number(value) : value;
}

/** Within int64 or, without a sign, uint64: what is beyond them is a float. */
function isInteger(text: string): boolean {
  const exact = readInteger(text.replaceAll('_', ''));
  if (exact === undefined || exact < INT64_MIN) return false;
  return exact <= INT64_MAX || (exact < 2n ** 64n && !text.startsWith('+'));
}

const isNumber = (value: Json) => typeof value === 'number' || typeof value === 'bigint';
const FITS: Readonly<Record<string, ((value: Json, text: string) => boolean) | undefined>> = {
  bool: (value) => typeof value === 'boolean',
  float: (value, text) => isNumber(value) && !(isInteger(text) && Number(value) > Number(INT64_MAX)),
  int: (value, text) => isNumber(value) && isInteger(text),
  null: (value) => value === null,
};

function decodeBinary(text: string): string {
  const packed = text.replaceAll(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(packed)) {
    throw new TypeError('!!binary holds something else than base64');
  }
  return decodeUtf8(atob(packed));
}

/** Sequences of UTF-8 beyond ASCII, a character a byte (RFC 3629, section 4), or one byte that begins none. */
const UTF8 =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

/** Go puts a U+FFFD for each byte that is none of it; JavaScript's decoder puts one for several. */
function decodeUtf8(bytes: string): string {
  return bytes.replaceAll(UTF8, (sequence) => {
    const codes = Uint8Array.from(sequence, (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(codes);
  });
}

/**
 * Returns the key of a map that a plain scalar stands for: `on:` is "true", `0644:` is "420", `1e6:` is "1e+06".
 *
 * @throws {TypeError} for null, and for an integer beyond int64.
 */
export function formatKey(text: string): string {
  const value = resolvePlain(text);
  if (typeof value !== 'number') {
    if (value === null) throw new TypeError('null cannot be a key of a map');
    return String(value);
  }
  const exact = readInteger(text.replaceAll('_', ''));
  if (exact === undefined) return value === 0 && text.startsWith('-') ? '-0' : formatFloat(value);
  const isUnsigned = exact > INT64_MAX && exact < 2n ** 64n && !text.startsWith('+');
  if (isUnsigned) throw new TypeError(`${text} is too large a number for a key of a map`);
  return exact >= INT64_MIN && exact <= INT64_MAX ? exact.toString() : formatFloat(value);
}

/** As Go's `FormatFloat(value, 'g', -1, 32)`: the shortest digits that name the same 32-bit float. */
function formatFloat(value: number): string {
  const wanted = Math.fround(value);
  if (Number.isNaN(wanted)) return '.nan';
  if (!Number.isFinite(wanted)) return wanted > 0 ? '.inf' : '-.inf';
  let digits = 1;
  while (digits < 9 && Math.fround(Number(wanted.toPrecision(digits))) !== wanted) digits++;
  const [mantissa = '', power = '0'] = wanted.toExponential(digits - 1).split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(Number(wanted.toPrecision(digits)));
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
