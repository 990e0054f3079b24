/**
 * Event patterns of EventBridge. Source: Amazon EventBridge User Guide, "Event patterns" and "Comparison operators".
 * An operator that is not known here is a fault: a rule that silently never matches is what this is to find.
 */
import { isJsonObject } from '../../../shared/model/json.ts';
import { TemplateFault } from '../template/template-fault.ts';

type Operator = (argument: unknown, value: unknown) => boolean;

const OPERATORS: Readonly<Record<string, Operator>> = {
  prefix: (argument, value) => isText(value) && isText(argument) && value.startsWith(argument),
  suffix: (argument, value) => isText(value) && isText(argument) && value.endsWith(argument),
  exists: (argument, value) => (value !== undefined) === argument,
  'equals-ignore-case': (argument, value) =>
    isText(value) && isText(argument) && value.toLowerCase() === argument.toLowerCase(),
  wildcard: (argument, value) => isText(value) && isText(argument) && wildcard(argument).test(value),
  'anything-but': (argument, value) => {
    if (value === undefined) return false;
    if (isJsonObject(argument)) return !matchesOperator(argument, value);
    return ![argument].flat().includes(value as never);
  },
};

/** Checks a pattern when the rule is made, as EventBridge does. @throws {TemplateFault} */
export function checkPattern(pattern: unknown, place: string): void {
  if (!isJsonObject(pattern) || Object.keys(pattern).length === 0)
    throw new TemplateFault(place, 'the pattern is empty');
  for (const [key, expected] of Object.entries(pattern)) {
    const at = `${place}.${key}`;
    if (key.startsWith('$')) throw new TemplateFault(at, `the operator ${key} is not known here`);
    if (!Array.isArray(expected)) {
      checkPattern(expected, at);
      continue;
    }
    if (expected.length === 0) throw new TemplateFault(at, 'the list matches nothing');
    for (const one of expected.filter(isJsonObject)) {
      const unknown = Object.keys(one).find((operator) => !(operator in OPERATORS));
      if (unknown !== undefined) throw new TemplateFault(at, `the operator ${unknown} is not known here`);
    }
  }
}

/** Returns whether an event matches a pattern that was checked. Several values in the event: one of them is enough. */
export function matchesPattern(pattern: Readonly<Record<string, unknown>>, event: unknown): boolean {
  return Object.entries(pattern).every(([key, expected]) => {
    const value = isJsonObject(event) ? event[key] : undefined;
    if (Array.isArray(expected)) {
      const values = Array.isArray(value) ? value : [value];
      return values.some((one: unknown) => expected.some((allowed: unknown) => matchesValue(allowed, one)));
    }
    return isJsonObject(expected) && matchesPattern(expected, value);
  });
}

function matchesValue(allowed: unknown, value: unknown): boolean {
  return isJsonObject(allowed) ? matchesOperator(allowed, value) : allowed === value;
}

function matchesOperator(operators: Readonly<Record<string, unknown>>, value: unknown): boolean {
  return Object.entries(operators).every(([name, argument]) => OPERATORS[name]?.(argument, value) === true);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function wildcard(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
}
