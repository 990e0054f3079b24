/** ValidatingAdmissionPolicies and their bindings, as they stand among the objects of a cluster. */
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { KubeObject } from '../../model/kube-object.ts';

export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

export interface PolicyValidation {
  readonly expression: string;
  readonly message?: string;
  readonly messageExpression?: string;
}

export interface AdmissionPolicy {
  readonly name: string;
  /** `matchConstraints`, as it is written. */
  readonly constraints: JsonObject;
  readonly paramKind: { readonly apiVersion: string; readonly kind: string } | undefined;
  readonly conditions: readonly NamedExpression[];
  readonly variables: readonly NamedExpression[];
  readonly validations: readonly PolicyValidation[];
  /** What becomes of an object that an expression fails on. */
  readonly failurePolicy: 'Fail' | 'Ignore';
}

export interface PolicyBinding {
  readonly name: string;
  readonly policyName: string;
  readonly actions: readonly string[];
  readonly resources: JsonObject;
  readonly paramRef: JsonObject | undefined;
}

const GROUP = /^admissionregistration\.k8s\.io\/v1(beta1)?$/;

export function readPolicies(objects: readonly KubeObject[]): {
  readonly policies: readonly AdmissionPolicy[];
  readonly bindings: readonly PolicyBinding[];
} {
  const ofKind = (kind: string) => objects.filter((one) => one.kind === kind && GROUP.test(one.apiVersion));
  return {
    policies: ofKind('ValidatingAdmissionPolicy').map(({ metadata, spec }) => policyOf(metadata.name, mapOf(spec))),
    bindings: ofKind('ValidatingAdmissionPolicyBinding').map(({ metadata, spec }) =>
      bindingOf(metadata.name, mapOf(spec)),
    ),
  };
}

function policyOf(name: string, spec: JsonObject): AdmissionPolicy {
  const { apiVersion, kind } = mapOf(spec.paramKind);
  return {
    name,
    constraints: mapOf(spec.matchConstraints),
    paramKind: typeof apiVersion === 'string' && typeof kind === 'string' ? { apiVersion, kind } : undefined,
    conditions: expressionsIn(spec.matchConditions),
    variables: expressionsIn(spec.variables),
    validations: listOf(spec.validations).map((one) => ({
      expression: String(one.expression ?? 'true'),
      ...(typeof one.message === 'string' && { message: one.message }),
      ...(typeof one.messageExpression === 'string' && { messageExpression: one.messageExpression }),
    })),
    failurePolicy: spec.failurePolicy === 'Ignore' ? 'Ignore' : 'Fail',
  };
}

function bindingOf(name: string, spec: JsonObject): PolicyBinding {
  const { validationActions } = spec;
  return {
    name,
    policyName: String(spec.policyName ?? ''),
    actions: Array.isArray(validationActions) ? validationActions.map(String) : [],
    resources: mapOf(spec.matchResources),
    paramRef: isJsonObject(spec.paramRef) ? spec.paramRef : undefined,
  };
}

function expressionsIn(value: Json | object | undefined): readonly NamedExpression[] {
  return listOf(value).map(({ name, expression }) => ({
    name: String(name ?? ''),
    expression: String(expression ?? ''),
  }));
}

export function mapOf(value: Json | object | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Returns the maps of a list; nothing for what is none. */
export function listOf(value: Json | object | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
