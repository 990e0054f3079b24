/**
 * Tells refusals because of fields that never change from all other refusals: a wrong guess would delete an object for a
 * typing error. So it takes status 422, the reason of each single cause, and the words that kube-apiserver and CRD rules
 * end (FieldValueInvalid) or begin (FieldValueForbidden) their detail with: what stands between may be the object's own.
 * Sources: apimachinery, pkg/api/validation (ValidateImmutableField); kubernetes, pkg/apis/{core,apps,batch,rbac,storage,
 * scheduling}/validation, v1.36; each tried in test/e2e/ownership-immutable.test.ts.
 */
import type { ApiRefusal } from '../model/api-refusal.ts';
import { formatGroupKind, type GroupKind } from '../model/object-ref.ts';

export interface ImmutableField {
  /** As the API server names it: `spec.selector`, and `spec` where it says no more. */
  readonly field: string;
  readonly detail: string;
}

type Cause = ApiRefusal['causes'][number];

/** `Invalid value: <the value>: <detail>`; "is immutable" is what the rules of CRDs say by custom. */
const INVALID = /: (?<detail>[\w.`'" -]*\bis immutable|may not change once set|cannot change roleRef)$/;
const FORBIDDEN =
  /^Forbidden: (?<detail>[\w.]+ is immutable\b.*|updates to [\w ]+ for fields other than .* are forbidden|(pod )?updates? may not change fields other than .*|may not be changed in an update\.?)$/;

/** Returns the first immutable field; undefined where anything else is wrong too, for a new object would be refused as well. */
export function immutableFieldOf(refusal: ApiRefusal): ImmutableField | undefined {
  if (refusal.status !== 422) return undefined;
  const [first, ...others] = refusal.causes.map(readCause);
  return others.includes(undefined) ? undefined : first;
}

/** Kinds that hold what cannot be made anew: they are never replaced. */
const KEPT = new Set([
  'Namespace',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'CustomResourceDefinition.apiextensions.k8s.io',
]);

/** Tells the kinds that are never deleted to be made anew: everything in them would be lost. */
export function isNeverReplaced(kind: GroupKind): boolean {
  return KEPT.has(formatGroupKind(kind));
}

function readCause({ reason, message, field }: Cause): ImmutableField | undefined {
  // The API server appends the differences of Pods and claims on lines of their own.
  const [line = ''] = message.split('\n');
  const pattern = reason === 'FieldValueInvalid' ? INVALID : reason === 'FieldValueForbidden' ? FORBIDDEN : undefined;
  const detail = pattern?.exec(line)?.groups?.detail;
  return detail === undefined ? undefined : { field, detail };
}
