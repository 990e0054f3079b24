/** What a person may commit to settle who a field belongs to: YAML, each piece between backticks and fit to be copied. */
import type { ObjectRef } from './object-ref.ts';

/** More fields than that are named by who holds them. */
const MOST_FIELDS = 5;

export interface ContestedFields {
  /** JSON pointers into the declared object. */
  readonly fields: readonly string[];
  /** Who holds them. */
  readonly managers: readonly string[];
}

/** Returns the ways out of a conflict over these fields: to leave them to the others, and to take them. */
export function waysToSettle(ref: ObjectRef, contested: ContestedFields): string {
  return `${waysToLeave(ref, contested)}; take it: annotation \`plumbline.dev/conflicts: force\``;
}

/** Returns the ways to leave the fields to the others. */
export function waysToLeave(ref: ObjectRef, contested: ContestedFields): string {
  const rule = `\`${ignoreEntry(ref, contested)}\` in the Application`;
  // A comma parts the values of the annotation.
  const isShort = contested.fields.length <= MOST_FIELDS && !contested.fields.some((field) => field.includes(','));
  const leave = isShort ? `annotation \`${ignoreAnnotation(contested.fields)}\` or ${rule}` : rule;
  return `leave it to them: ${leave}`;
}

/** Returns the line of an Application's spec that leaves the fields to others: `ignore: [{...}]`. */
export function ignoreEntry(
  { group, kind, namespace, name }: ObjectRef,
  { fields, managers }: ContestedFields,
): string {
  const object = { group, kind, ...(namespace === '' ? {} : { namespace }), name };
  const what = fields.length <= MOST_FIELDS ? { fields: distinct(fields) } : { managers: distinct(managers) };
  return `ignore: [${flow({ ...object, ...what })}]`;
}

function ignoreAnnotation(fields: readonly string[]): string {
  return `plumbline.dev/ignore: ${scalar(distinct(fields).join(','), /^[A-Za-z0-9/][-A-Za-z0-9/._~*,]*$/)}`;
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** YAML flow style as people would write it. */
function flow(rule: Readonly<Record<string, string | readonly string[]>>): string {
  const fields = Object.entries(rule).map(([key, value]) =>
    typeof value === 'string' ? `${key}: ${scalar(value)}` : `${key}: [${value.map((one) => scalar(one)).join(', ')}]`,
  );
  return `{${fields.join(', ')}}`;
}

/** A text that YAML would read as a number, a boolean or nothing is quoted like one with signs in it. */
function scalar(text: string, plain = /^[A-Za-z/][-A-Za-z0-9/._~]*$/): string {
  const isWord = plain.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isWord ? text : JSON.stringify(text);
}
