import type { RuleName } from '../model/finding.ts';
import type { Json } from '../model/json.ts';

export type FieldPath = readonly (string | number)[];

/** One thing that is wrong with one object. */
export interface Fault {
  readonly rule: RuleName;
  readonly path: FieldPath;
  readonly wrong: string;
  readonly remedy: string;
  /** It is about the name of the field, not its value. */
  readonly atKey?: boolean;
}

/** Returns `.spec.containers[0].image`; names that would be misread stand in brackets. */
export function formatPath(path: FieldPath): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[\w$-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join('');
}

/** Says what stands at a place of an object, in words, and nothing of what must not be shown. */
export type DescribeValue = (value: Json, path: FieldPath) => string;

/** Returns what stands there, in words, cut short. */
export function describeValue(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'a map';
    case 'string':
      return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value)}`;
    case 'boolean':
      return `the boolean ${value}`;
    case 'number':
    case 'bigint':
      return `the number ${value}`;
  }
}
