/**
 * What the ValidatingAdmissionPolicies of a cluster say of an object that is created there. They see it as it is
 * rendered: what the server fills in by default, and who asks, they do not see here.
 */
import type { CelInput } from '@bufbuild/cel';
import type { Json } from '../../model/json.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { groupOf, versionOf } from '../../model/object-ref.ts';
import type { ObjectSchema } from '../../model/object-schema.ts';
import { isQuotable } from '../describe-hidden.ts';
import type { Fault } from '../fault.ts';
import { fillDefaults } from '../fill-defaults.ts';
import type { KnownKinds } from '../known-kinds.ts';
import { type CelEnvironment, celEnvironment, type Evaluated } from '../rules/cel-environment.ts';
import { celValueOf } from '../rules/cel-values.ts';
import { withBuiltInDefaults } from './built-in-defaults.ts';
import { type MatchedObject, matchesSelector, matchResources } from './match-resources.ts';
import {
  type AdmissionPolicy,
  mapOf,
  type PolicyBinding,
  type PolicyValidation,
  readPolicies,
} from './read-policies.ts';

/** An object with the namespace that it goes into, `''` for none. */
export interface AdmittedObject {
  readonly object: KubeObject;
  readonly namespace: string;
}

export type CheckPolicies = (admitted: AdmittedObject) => readonly Fault[];

/** Returns what checks objects of a cluster against the policies among `objects`; undefined: there are none. */
export async function policiesOf(
  objects: readonly AdmittedObject[],
  kinds: KnownKinds,
): Promise<CheckPolicies | undefined> {
  const { policies, bindings } = readPolicies(objects.map(({ object }) => object));
  const bound = bindings.flatMap((binding) => {
    const policy = policies.find(({ name }) => name === binding.policyName);
    return policy === undefined ? [] : [{ policy, binding }];
  });
  if (bound.length === 0) return undefined;
  const context = { objects, kinds, environment: await celEnvironment() };
  return (admitted) => {
    const matched = matchedObject(admitted, context);
    return matched === undefined ? [] : bound.flatMap((one) => checkBound(one, { admitted, matched }, context));
  };
}

interface Context {
  readonly objects: readonly AdmittedObject[];
  readonly kinds: KnownKinds;
  readonly environment: CelEnvironment;
}

interface Bound {
  readonly policy: AdmissionPolicy;
  readonly binding: PolicyBinding;
}

interface Admission {
  readonly admitted: AdmittedObject;
  readonly matched: MatchedObject;
}

/** Undefined: a kind that is not known, or one of admission itself, which policies are never asked about. */
function matchedObject({ object, namespace }: AdmittedObject, { kinds, objects }: Context): MatchedObject | undefined {
  const kind = kinds.find(object.apiVersion, object.kind);
  const isOfAdmission = /^(Validating|Mutating)AdmissionPolicy(Binding)?$/.test(object.kind);
  if (kind === undefined || kind.from === 'crd-other-version' || isOfAdmission) return undefined;
  const { name, labels = {} } = object.metadata;
  const own = objects.find((one) => one.object.kind === 'Namespace' && one.object.metadata.name === namespace);
  const isNamespace = object.apiVersion === 'v1' && object.kind === 'Namespace';
  const namespaceLabels =
    own === undefined ? undefined : { 'kubernetes.io/metadata.name': namespace, ...own.object.metadata.labels };
  return {
    ...{ apiVersion: object.apiVersion, plural: kind.plural, name, labels },
    namespace: isNamespace ? name : namespace,
    namespaceLabels: isNamespace ? { 'kubernetes.io/metadata.name': name, ...labels } : namespaceLabels,
  };
}

function checkBound({ policy, binding }: Bound, admission: Admission, context: Context): readonly Fault[] {
  const matches = [policy.constraints, binding.resources].map((one) => matchResources(one, admission.matched));
  if (matches.includes('no')) return [];
  if (matches.includes('unknown')) {
    return [notChecked(policy, `the labels of namespace ${admission.matched.namespace} are not declared`)];
  }
  const params = paramsOf(policy, binding, admission, context);
  if ('missing' in params) return params.missing;
  return params.found.flatMap((param) => checkWith({ policy, binding }, { admission, param }, context));
}

function notChecked({ name }: AdmissionPolicy, why: string): Fault {
  return {
    rule: 'not-checked',
    path: [],
    wrong: `ValidatingAdmissionPolicy ${name} cannot be checked here: ${why}`,
    remedy: '',
  };
}

type Params = { readonly found: readonly (KubeObject | null)[] } | { readonly missing: readonly Fault[] };

function paramsOf(
  policy: AdmissionPolicy,
  { paramRef, actions }: PolicyBinding,
  { matched }: Admission,
  context: Context,
): Params {
  if (policy.paramKind === undefined || paramRef === undefined) return { found: [null] };
  const { apiVersion, kind } = policy.paramKind;
  const namespace = typeof paramRef.namespace === 'string' ? paramRef.namespace : matched.namespace;
  const known = context.kinds.find(apiVersion, kind);
  const isNamespaced = known !== undefined && known.from !== 'crd-other-version' && known.namespaced;
  const found = context.objects
    .filter(({ object }) => object.apiVersion === apiVersion && object.kind === kind)
    .filter((one) => !isNamespaced || one.namespace === namespace)
    .map(({ object }) => object)
    .filter(({ metadata }) =>
      typeof paramRef.name === 'string'
        ? metadata.name === paramRef.name
        : matchesSelector(mapOf(paramRef.selector), metadata.labels ?? {}),
    );
  if (found.length > 0) return { found };
  if (paramRef.parameterNotFoundAction !== 'Deny') return { missing: [] };
  const wrong = `its parameters, ${kind} ${String(paramRef.name ?? 'by label')}, are not declared for this cluster`;
  // They may stand in the cluster all the same.
  return { missing: actions.includes('Deny') ? [notChecked(policy, wrong)] : [] };
}

function checkWith(
  { policy, binding }: Bound,
  { admission, param }: { readonly admission: Admission; readonly param: KubeObject | null },
  context: Context,
): readonly Fault[] {
  const { variables, unknown } = variablesOf(policy, { admission, param }, context);
  const evaluate = (expression: string): Evaluated => {
    const named = unknown.find((name) => expression.includes(`variables.${name}`));
    if (named !== undefined) return { ok: false, because: 'unknown', wrong: `variable ${named} is not known` };
    const result = context.environment.evaluate(expression, variables);
    // What is not there may be filled in by the server, by a default or by another webhook.
    const isMissing = !result.ok && /field not found|no such key/i.test(result.wrong);
    return isMissing ? { ...result, because: 'unknown' } : result;
  };
  for (const { expression } of policy.conditions) {
    const met = evaluate(expression);
    if (!met.ok) return failed(policy, binding, met);
    if (met.value !== true) return [];
  }
  return policy.validations.flatMap((validation) => {
    const held = evaluate(validation.expression);
    if (held.ok && held.value === true) return [];
    if (!held.ok) return failed(policy, binding, held);
    return said(policy, binding, messageOf(validation, isQuotable(admission.admitted.object) ? evaluate : undefined));
  });
}

function failed(
  policy: AdmissionPolicy,
  binding: PolicyBinding,
  result: Extract<Evaluated, { readonly ok: false }>,
): readonly Fault[] {
  if (result.because === 'unknown') return [notChecked(policy, result.wrong)];
  return policy.failurePolicy === 'Ignore' ? [] : said(policy, binding, `an expression fails: ${result.wrong}`);
}

function said({ name }: AdmissionPolicy, { actions }: PolicyBinding, message: string): readonly Fault[] {
  const rule = actions.includes('Deny') ? 'policy-denies' : 'policy-warns';
  const wrong = `ValidatingAdmissionPolicy ${name}: ${message}`;
  return actions.length === 0 ? [] : [{ rule, path: [], wrong, remedy: 'change the object, or the policy' }];
}

function messageOf(
  { message, messageExpression, expression }: PolicyValidation,
  evaluate?: (expression: string) => Evaluated,
): string {
  const made = messageExpression === undefined ? undefined : evaluate?.(messageExpression);
  const text = made?.ok && typeof made.value === 'string' ? made.value.trim() : '';
  return text !== '' ? text : (message ?? `failed expression: ${expression}`);
}

type Variables = Record<string, CelInput>;

/** `authorizer` is left away, and `namespaceObject` where it is not declared: an expression that names them is not checked. */
function variablesOf(
  policy: AdmissionPolicy,
  { admission: { admitted, matched }, param }: { readonly admission: Admission; readonly param: KubeObject | null },
  { objects, kinds, environment }: Context,
): { readonly variables: Variables; readonly unknown: readonly string[] } {
  const values = { resolve: kinds.resolve, times: environment.times };
  const inCel = (object: KubeObject, namespace: string): CelInput => {
    const kind = kinds.find(object.apiVersion, object.kind);
    const schema: ObjectSchema | undefined =
      kind === undefined || kind.from === 'crd-other-version' ? undefined : kind.schema;
    const metadata = { ...object.metadata, ...(namespace !== '' && { namespace }) };
    const filled = kind?.from === 'crd' ? object : withBuiltInDefaults(object);
    const fields = Object.entries({ ...filled, metadata }).map(([name, value]) => [name, value as Json] as const); // JSON
    const whole = Object.fromEntries(fields);
    return celValueOf(
      schema !== undefined && kind?.from === 'crd' ? fillDefaults(whole, schema) : whole,
      schema,
      values,
    );
  };
  const own = objects.find(({ object }) => object.kind === 'Namespace' && object.metadata.name === admitted.namespace);
  const variables: Variables = {
    object: inCel(admitted.object, admitted.namespace),
    oldObject: null,
    params: param === null ? null : inCel(param, param.metadata.namespace ?? ''),
    request: celValueOf(requestOf(admitted, matched), undefined, values),
    ...(own !== undefined && { namespaceObject: inCel(own.object, '') }),
    ...(admitted.namespace === '' && { namespaceObject: null }),
  };
  const composed = new Map<string, CelInput>();
  variables.variables = composed;
  const unknown: string[] = [];
  for (const { name, expression } of policy.variables) {
    const value = environment.evaluate(expression, variables);
    // One that fails matters only where it is named.
    if (value.ok)
      composed.set(name, value.value as CelInput); // what an expression gives may be given to another
    else unknown.push(name);
  }
  return { variables, unknown };
}

function requestOf({ object, namespace }: AdmittedObject, { plural, name }: MatchedObject): Json {
  const [group, version] = [groupOf(object.apiVersion), versionOf(object.apiVersion)];
  const kind = { group, version, kind: object.kind };
  const resource = { group, version, resource: plural };
  const asked = { requestKind: kind, requestResource: resource, subResource: '', requestSubResource: '' };
  return { kind, resource, ...asked, name, namespace, operation: 'CREATE', dryRun: false };
}
