/**
 * CloudFormation's intrinsic functions over plain values. Only those that our template may use are known; any other
 * (`Fn::ImportValue`, `Fn::Transform`, ...) is a fault that names it. Source: AWS CloudFormation User Guide, intrinsic
 * function reference.
 */
import { isJsonObject } from '../../../shared/model/json.ts';
import { TemplateFault } from './template-fault.ts';

export interface TemplateScope {
  /** Value of a parameter, pseudo parameter or resource. */
  ref(name: string, place: string): unknown;
  attribute(logicalId: string, name: string, place: string): unknown;
  condition(name: string, place: string): boolean;
}

/** What `AWS::NoValue` stands for: the property is left out. */
const NO_VALUE = undefined;

type Intrinsic = (argument: unknown, scope: TemplateScope, place: string) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope, place) => (name === 'AWS::NoValue' ? NO_VALUE : scope.ref(text(name, place), place)),
  'Fn::GetAtt': (argument, scope, place) => {
    const parts = typeof argument === 'string' ? argument.split('.') : list(argument, place);
    const [logicalId, ...name] = parts.map((part) => text(part, place));
    return scope.attribute(logicalId ?? '', name.join('.'), place);
  },
  'Fn::Join': (argument, scope, place) => {
    const [separator, parts] = list(argument, place);
    const resolved = list(resolveValue(parts, scope, place), place);
    return resolved.map((part) => scalarText(part, place)).join(text(separator, place));
  },
  'Fn::Sub': (argument, scope, place) => substitute(argument, scope, place),
  'Fn::Select': (argument, scope, place) => {
    const [index, values] = list(argument, place);
    const resolved = list(resolveValue(values, scope, place), place);
    const position = Number(resolveValue(index, scope, place));
    if (!(position in resolved)) throw new TemplateFault(place, `Fn::Select: there is no element ${position}`);
    return resolved[position];
  },
  'Fn::Split': (argument, scope, place) => {
    const [separator, value] = list(argument, place);
    return text(resolveValue(value, scope, place), place).split(text(separator, place));
  },
  'Fn::If': (argument, scope, place) => {
    const [name, yes, no] = list(argument, place);
    return resolveValue(scope.condition(text(name, place), place) ? yes : no, scope, place);
  },
  'Fn::GetAZs': () => ['a', 'b', 'c'],
};

/** Returns `value` with every intrinsic function replaced by what it gives. @throws {TemplateFault} */
export function resolveValue(value: unknown, scope: TemplateScope, place: string): unknown {
  if (Array.isArray(value)) {
    return value.map((entry, index) => resolveValue(entry, scope, `${place}[${index}]`)).filter((e) => e !== NO_VALUE);
  }
  if (!isJsonObject(value)) return value;
  const [key, ...others] = Object.keys(value);
  if (key !== undefined && others.length === 0 && isIntrinsic(key)) {
    const intrinsic = INTRINSICS[key];
    if (intrinsic === undefined) throw new TemplateFault(place, `the intrinsic function ${key} is not known here`);
    return intrinsic(value[key], scope, place);
  }
  const entries = Object.entries(value).map(([name, entry]) => [name, resolveValue(entry, scope, `${place}.${name}`)]);
  return Object.fromEntries(entries.filter(([, entry]) => entry !== NO_VALUE));
}

/** Returns whether a condition of the template holds. */
export function holds(expression: unknown, scope: TemplateScope, place: string): boolean {
  if (!isJsonObject(expression)) throw new TemplateFault(place, 'a condition is an object');
  const [key = '', ...others] = Object.keys(expression);
  const argument = expression[key];
  if (others.length === 0) {
    const each = () => list(argument, place);
    if (key === 'Condition') return scope.condition(text(argument, place), place);
    if (key === 'Fn::Not') return !holds(each()[0], scope, place);
    if (key === 'Fn::And') return each().every((one) => holds(one, scope, place));
    if (key === 'Fn::Or') return each().some((one) => holds(one, scope, place));
    if (key === 'Fn::Equals') {
      const [left, right] = each().map((one) => resolveValue(one, scope, place));
      return left === right;
    }
  }
  throw new TemplateFault(place, `the condition function ${key} is not known here`);
}

function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function substitute(argument: unknown, scope: TemplateScope, place: string): string {
  const [pattern, given] = typeof argument === 'string' ? [argument, {}] : list(argument, place);
  const own = isJsonObject(given) ? given : {};
  return text(pattern, place).replaceAll(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (name in own) return scalarText(resolveValue(own[name], scope, place), place);
    const [logicalId = '', ...attribute] = name.split('.');
    const value =
      attribute.length === 0 ? scope.ref(name, place) : scope.attribute(logicalId, attribute.join('.'), place);
    return scalarText(value, place);
  });
}

function list(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TemplateFault(place, `expected a list, found ${JSON.stringify(value)}`);
  return value;
}

function text(value: unknown, place: string): string {
  if (typeof value !== 'string') throw new TemplateFault(place, `expected a text, found ${JSON.stringify(value)}`);
  return value;
}

function scalarText(value: unknown, place: string): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return text(value, place);
}
