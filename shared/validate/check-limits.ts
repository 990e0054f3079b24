/** Enumerations, and the words of JSON Schema that CRDs may use. Source: kube-openapi, pkg/validation/validate. */
import { closestWord, quoted } from '../model/closest-word.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { canonicalJson } from '../model/json-text.ts';
import type { ObjectSchema, SchemaLimits } from '../model/object-schema.ts';
import type { DescribeValue, Fault, FieldPath } from './fault.ts';
import { patternOf } from './pattern.ts';

/** Checks the value against a schema of which it may have more fields than that names. */
export type CheckPart = (schema: ObjectSchema) => readonly Fault[];

interface Place {
  readonly path: FieldPath;
  readonly custom: boolean;
  readonly describe: DescribeValue;
}

/** Returns what `value`, of the right type, breaks. */
export function checkLimits(value: Json, schema: ObjectSchema, place: Place, checkPart: CheckPart): readonly Fault[] {
  const { enum: choices, limits } = schema;
  const { path } = place;
  const found = place.describe(value, path);
  const faults = choices === undefined ? [] : checkChoices(value, choices, { path, found, isBuiltIn: !place.custom });
  if (limits === undefined) return faults;
  const complaints = [...complaintsAboutSize(value, limits, found), ...complaintsAboutNumber(value, limits)];
  const broken = complaints.map((wrong): Fault => {
    return { rule: 'wrong-value', path, wrong, remedy: 'write a value in these limits' };
  });
  return [...faults, ...broken, ...checkCombined(limits, path, checkPart)];
}

function checkChoices(
  value: Json,
  choices: readonly Json[],
  { path, found, isBuiltIn }: { readonly path: FieldPath; readonly found: string; readonly isBuiltIn: boolean },
): readonly Fault[] {
  const text = canonicalJson(value);
  // Of kinds of Kubernetes itself an empty text is a field that is not there, and most have a default.
  if (value === '' && isBuiltIn) return [];
  if (choices.some((choice) => canonicalJson(choice) === text)) return [];
  const words = choices.map((choice) => (typeof choice === 'string' ? choice : canonicalJson(choice)));
  const meant = typeof value === 'string' ? closestWord(value, words) : undefined;
  const remedy = meant === undefined ? `use one of ${quoted(words)}` : `did you mean "${meant}"?`;
  return [{ rule: 'wrong-value', path, wrong: `${found} is not among what it takes`, remedy }];
}

function complaintsAboutNumber(value: Json, limits: SchemaLimits): readonly string[] {
  if (typeof value !== 'number' && typeof value !== 'bigint') return [];
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf } = limits;
  const isSmall = minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum);
  const isLarge = maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum);
  const isBetween = multipleOf !== undefined && !isMultiple(Number(value), multipleOf);
  return [
    ...(isSmall
      ? [`${value} is too small: ${exclusiveMinimum ? 'more than' : 'at least'} ${minimum} is expected`]
      : []),
    ...(isLarge ? [`${value} is too large: ${exclusiveMaximum ? 'less than' : 'at most'} ${maximum} is expected`] : []),
    ...(isBetween ? [`${value} is no multiple of ${multipleOf}`] : []),
  ];
}

/** 0.3 is a multiple of 0.1 although 0.3 / 0.1 is not whole. */
function isMultiple(value: number, of: number): boolean {
  const ratio = value / of;
  return Math.abs(ratio - Math.round(ratio)) < 1e-9 * Math.max(1, Math.abs(ratio));
}

function complaintsAboutSize(value: Json, limits: SchemaLimits, found: string): readonly string[] {
  if (typeof value === 'string') {
    const { minLength, maxLength, pattern } = limits;
    const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length;
    const isMatch = pattern === undefined || (patternOf(pattern)?.test(value) ?? true);
    return [
      ...outside(length, [minLength, maxLength], 'characters'),
      ...(isMatch ? [] : [`${found} does not match ${pattern}`]),
    ];
  }
  if (Array.isArray(value)) return outside(value.length, [limits.minItems, limits.maxItems], 'entries');
  if (!isJsonObject(value)) return [];
  return outside(Object.keys(value).length, [limits.minProperties, limits.maxProperties], 'fields');
}

function outside(
  size: number,
  [least, most]: readonly [number | undefined, number | undefined],
  noun: string,
): readonly string[] {
  if (least !== undefined && size < least) return [`it has ${size} ${noun}, at least ${least} are expected`];
  if (most !== undefined && size > most) return [`it has ${size} ${noun}, at most ${most} are expected`];
  return [];
}

function checkCombined(limits: SchemaLimits, path: FieldPath, checkPart: CheckPart): readonly Fault[] {
  const { allOf = [], anyOf, oneOf, not } = limits;
  const say = (wrong: string): Fault => {
    return { rule: 'wrong-value', path, wrong, remedy: 'look at the CustomResourceDefinition for what goes together' };
  };
  const faults = allOf.flatMap(checkPart);
  for (const [forms, word] of [[anyOf, 'anyOf'] as const, [oneOf, 'oneOf'] as const]) {
    if (forms === undefined) continue;
    const tried = forms.map(checkPart);
    const fitting = tried.filter((found) => found.length === 0).length;
    if (fitting === 0) faults.push(nearest(tried, say(`it fits none of the forms that it may have (${word})`)));
    if (fitting > 1 && word === 'oneOf')
      faults.push(say(`it fits ${fitting} of the forms of which it may have one (oneOf)`));
  }
  if (not !== undefined && checkPart(not).length === 0) faults.push(say('it has a form that is ruled out (not)'));
  return faults;
}

/** Says which form comes nearest, by its first fault. */
function nearest(tried: readonly (readonly Fault[])[], fault: Fault): Fault {
  const [first] = tried.toSorted((a, b) => a.length - b.length)[0] ?? [];
  return first === undefined
    ? fault
    : { ...fault, wrong: `${fault.wrong}; of the nearest: ${first.wrong}`, path: first.path };
}
