/** `x-kubernetes-validations`: rules that a CRD states in CEL, at any place of its schema. */
import { isJsonObject, type Json } from '../../model/json.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { ObjectSchema, SchemaOrRef, SchemaRule } from '../../model/object-schema.ts';
import type { CheckRules } from '../check-rules.ts';
import { isQuotable } from '../describe-hidden.ts';
import type { Fault, FieldPath } from '../fault.ts';
import { type CelEnvironment, celEnvironment } from './cel-environment.ts';
import { celValueOf } from './cel-values.ts';

/** Returns what evaluates the rules of custom resources. */
export async function loadRules(): Promise<CheckRules> {
  const environment = await celEnvironment();
  return (value, schema, object) => checkBelow(value, { schema, path: [] }, { environment, object });
}

interface RuleContext {
  readonly environment: CelEnvironment;
  readonly object: KubeObject;
}

interface At {
  readonly schema: ObjectSchema;
  readonly path: FieldPath;
}

function checkBelow(value: Json, { schema, path }: At, context: RuleContext): readonly Fault[] {
  const own = (schema.rules ?? []).flatMap((rule) => checkRule(value, rule, { schema, path }, context));
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return own;
    return [
      ...own,
      ...value.flatMap((item: Json, at) => checkBelow(item, { schema: plain(items), path: [...path, at] }, context)),
    ];
  }
  if (!isJsonObject(value)) return own;
  const below = Object.entries(value).flatMap(([name, field]) => {
    const known = schema.properties?.[name] ?? schema.additionalProperties;
    return known === undefined || field === null
      ? []
      : checkBelow(field, { schema: plain(known), path: [...path, name] }, context);
  });
  return [...own, ...below];
}

/** Schemas of CRDs have no references. */
function plain(schema: SchemaOrRef): ObjectSchema {
  return '$ref' in schema ? {} : schema;
}

function checkRule(
  value: Json,
  rule: SchemaRule,
  { schema, path }: At,
  { environment, object }: RuleContext,
): readonly Fault[] {
  // It compares with what was before: of an object that is made it says nothing.
  if (/\boldSelf\b/.test(rule.rule)) return [];
  const self = celValueOf(value, schema, { resolve: plain, times: environment.times });
  const evaluated = environment.evaluate(rule.rule, { self });
  if (evaluated.ok && evaluated.value === true) return [];
  if (!evaluated.ok && evaluated.because === 'unknown') {
    const wrong = `a rule of its CustomResourceDefinition cannot be checked here: ${rule.rule}: ${evaluated.wrong}`;
    return [{ rule: 'not-checked', path, wrong, remedy: '' }];
  }
  const said = messageOf(rule, evaluated.ok ? undefined : evaluated.wrong, () => {
    const message =
      rule.messageExpression && isQuotable(object) ? environment.evaluate(rule.messageExpression, { self }) : undefined;
    return message?.ok && typeof message.value === 'string' && message.value.trim() !== ''
      ? message.value.trim()
      : undefined;
  });
  const at = rule.fieldPath === undefined ? path : [...path, ...stepsOf(rule.fieldPath)];
  return [
    {
      rule: 'broken-rule',
      path: at,
      wrong: said,
      remedy: `keep the rule of its CustomResourceDefinition: ${rule.rule}`,
    },
  ];
}

function messageOf(rule: SchemaRule, failure: string | undefined, evaluated: () => string | undefined): string {
  if (failure !== undefined) return `the rule cannot be evaluated: ${failure}`;
  return evaluated() ?? rule.message ?? 'it breaks a rule';
}

/** `.spec.list["a.b"]`: only names of fields can stand there. */
function stepsOf(path: string): FieldPath {
  return [...path.matchAll(/\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/g)].map(
    ([, plainName, single, double]) => plainName ?? single ?? double ?? '',
  );
}
