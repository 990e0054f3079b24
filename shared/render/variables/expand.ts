/** What expressions come to. The value of a variable never becomes part of an error: it may come from a Secret. */
import type { Expression, Node, Operation } from './read-expression.ts';
import { fitsPattern, readPattern } from './wildcard.ts';

export interface Variables {
  readonly values: ReadonlyMap<string, string>;
  /** A variable that has no value and no default is an error; else it is an empty text. */
  readonly strict: boolean;
}

export type Expanded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly wrong: string; readonly remedy: string };

class Refusal extends Error {
  readonly remedy: string;

  constructor(wrong: string, remedy: string) {
    super(wrong);
    this.remedy = remedy;
  }
}

/** Returns the text with its expressions filled in, or the first that cannot be. */
export function expand(nodes: readonly Node[], variables: Variables): Expanded {
  try {
    return { ok: true, text: textOf(nodes, variables) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, wrong: error.message, remedy: error.remedy };
    throw error;
  }
}

function textOf(nodes: readonly Node[], variables: Variables): string {
  return nodes.map((node) => (typeof node === 'string' ? node : resultOf(node, variables))).join('');
}

const DEFAULTS: readonly (Operation | '')[] = [':-', ':=', '-', '='];

function resultOf({ variable, operation, arguments: given }: Expression, variables: Variables): string {
  const [first = '', second] = given.map((nodes) => textOf(nodes, variables));
  const value = variables.values.get(variable);
  if (DEFAULTS.includes(operation)) return value === undefined || value === '' ? first : value;
  if (value === undefined && variables.strict) throw notSet(variable);
  return operation === '' ? (value ?? '') : apply(value ?? '', { variable, operation, first, second });
}

interface Applied {
  readonly variable: string;
  readonly operation: Operation;
  readonly first: string;
  readonly second: string | undefined;
}

function apply(value: string, { variable, operation, first, second }: Applied): string {
  switch (operation) {
    case 'length':
      return String(new TextEncoder().encode(value).length);
    case '^':
    case ',': {
      const [initial = ''] = value;
      return changeCase(initial, operation) + value.slice(initial.length);
    }
    case '^^':
    case ',,':
      return changeCase(value, operation);
    case ':':
      return part(value, first, second);
    case '/':
      return value.replace(first, () => second ?? '');
    case '//':
      return value.replaceAll(first, () => second ?? '');
    case '/#':
      // Without a replacement Flux leaves it as it is, here and at the end.
      return second !== undefined && value.startsWith(first) ? second + value.slice(first.length) : value;
    case '/%':
      return second !== undefined && value.endsWith(first) ? value.slice(0, -first.length) + second : value;
    default:
      return trim(value, { variable, operation, pattern: first });
  }
}

/** Character by character, as Go does: what has no single counterpart (`ß`) stays. */
function changeCase(text: string, operation: string): string {
  const change = (one: string) => (operation.startsWith('^') ? one.toUpperCase() : one.toLowerCase());
  return [...text].map((one) => ([...change(one)].length === 1 ? change(one) : one)).join('');
}

/** Positions are bytes of UTF-8, as `${#name}` counts; what is no number leaves the value as it is. */
function part(value: string, position: string, length: string | undefined): string {
  const bytes = new TextEncoder().encode(value);
  const from = asInteger(position);
  if (from === undefined) return value;
  const start = from < 0 ? Math.max(bytes.length + from, 0) : from;
  const count = length === undefined ? bytes.length : asInteger(length);
  if (count === undefined) return value;
  const end = count < 0 ? bytes.length + count : start + count;
  return new TextDecoder().decode(bytes.subarray(start, Math.max(start, end)));
}

function asInteger(text: string): number | undefined {
  return /^[-+]?\d+$/.test(text) ? Number(text) : undefined;
}

/** Cuts off the shortest or longest piece that fits, at the beginning (`#`) or at the end (`%`). */
function trim(
  value: string,
  {
    variable,
    operation,
    pattern,
  }: { readonly variable: string; readonly operation: Operation; readonly pattern: string },
): string {
  const steps = readPattern(pattern);
  if (steps === undefined) {
    const wrong = `the pattern of "\${${variable}${operation}...}" is not closed`;
    throw new Refusal(wrong, 'close its bracket, or write "\\" before it');
  }
  const text = [...value];
  const lengths = Array.from({ length: text.length }, (_, index) => index + 1);
  const isSuffix = operation.startsWith('%');
  const piece = (length: number) => (isSuffix ? text.slice(text.length - length) : text.slice(0, length));
  const tried = operation.length === 2 ? lengths.toReversed() : lengths;
  const found = tried.find((length) => fitsPattern(steps, piece(length)));
  if (found === undefined) return value;
  return (isSuffix ? text.slice(0, text.length - found) : text.slice(found)).join('');
}

function notSet(variable: string): Refusal {
  const remedy = `give it in render.substitute.variables, a default by "\${${variable}:=...}", or write "$\${" for a plain "\${"`;
  return new Refusal(`the variable "${variable}" has no value`, remedy);
}
