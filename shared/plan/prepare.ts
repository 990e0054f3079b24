/**
 * From rendered objects to what is sent: scope settled, marked as ours. Every object gets the fleet label, the ApplySet
 * label of its application and the keyed digest of what was rendered; design.md section 5.
 */
import { APPLIED_ANNOTATION, FLEET_LABEL, PART_OF_LABEL } from '../config/names.ts';
import type { DesiredApplication, RenderedObject } from '../model/desired-state.ts';
import { isJsonObject } from '../model/json.ts';
import { canonicalJson } from '../model/json-text.ts';
import { jsonOf } from '../model/kube-json.ts';
import { type KubeObject, refOf } from '../model/kube-object.ts';
import { readObjectPolicy } from '../model/object-policy/read-object-policy.ts';
import type { ObjectPolicy } from '../model/object-policy.ts';
import { formatGroupKind, type GroupKind, groupOf, type ObjectRef } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import { applySetId, parentName } from './apply-set.ts';
import { builtInIgnores, ignoredFieldsOf, ignoredManagersOf, type LeftToOthers } from './ignore.ts';
import { waveOf } from './order.ts';

export interface PreparedObject extends LeftToOthers {
  readonly ref: ObjectRef;
  readonly application: string;
  /** As rendered, with our labels and the annotation. */
  readonly object: KubeObject;
  readonly digest: string;
  readonly wave: number;
  readonly policy: ObjectPolicy;
  readonly source: RenderedObject['source'];
  /** Why this object cannot be applied as it stands. */
  readonly problem?: Problem;
}

export interface PrepareInput {
  readonly fleet: string;
  readonly application: DesiredApplication;
  readonly objects: readonly RenderedObject[];
  /** Undefined: the cluster does not serve the kind (yet). */
  readonly isNamespaced: (kind: GroupKind) => boolean | undefined;
  /** Keyed digest (`BlobStore.digest`). */
  readonly digestOf: (text: string) => string;
}

/** Returns one prepared object for each rendered one, in the same order. */
export function prepareApplication(input: PrepareInput): readonly PreparedObject[] {
  const { fleet, application, digestOf } = input;
  const rendered = input.objects.map(({ object }) => object);
  const scopes = scopesDefinedIn(rendered);
  const builtIn = builtInIgnores(rendered);
  const partOf = applySetId(parentName(fleet, application.name));

  return input.objects.map(({ object: unscoped, source }) => {
    const kind = { group: groupOf(unscoped.apiVersion), kind: unscoped.kind };
    const isNamespaced = input.isNamespaced(kind) ?? scopes.get(formatGroupKind(kind));
    const object = scoped(unscoped, isNamespaced, application.namespace ?? 'default');
    const ref = refOf(object);
    const { policy, problem } = readObjectPolicy(object);
    const ignored = ignoredFieldsOf(object, application.ignore, { own: policy.ignore, scaled: builtIn });
    const ignoredManagers = ignoredManagersOf(object, application.ignore);
    const digest = digestOf(
      canonicalJson([application.name, object, ...notEmpty(ignored), ...notEmpty(ignoredManagers)]),
    );
    const marked = mark(object, { [FLEET_LABEL]: fleet, [PART_OF_LABEL]: partOf }, { [APPLIED_ANNOTATION]: digest });
    const base = {
      ref,
      application: application.name,
      object: marked,
      digest,
      source,
      ignored,
      ignoredManagers,
      policy,
    };
    return { ...base, wave: waveOf(object, policy), ...(problem && { problem }) };
  });
}

/** What most objects have not, their digests do not speak of. */
function notEmpty(list: readonly string[]): readonly (readonly string[])[] {
  return list.length === 0 ? [] : [list];
}

function mark(
  object: KubeObject,
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...labels },
      annotations: { ...metadata.annotations, ...annotations },
    },
  };
}

function scoped(object: KubeObject, namespaced: boolean | undefined, fallback: string): KubeObject {
  const { namespace, ...metadata } = object.metadata;
  if (namespaced === false && namespace !== undefined) return { ...object, metadata };
  if (namespaced === true && namespace === undefined) {
    return { ...object, metadata: { ...metadata, namespace: fallback } };
  }
  return object;
}

/** Returns whether the kinds that CRDs among `objects` define are namespaced, by `Kind.group`: a cluster may not serve them yet. */
export function scopesDefinedIn(objects: readonly KubeObject[]): ReadonlyMap<string, boolean> {
  const scopes = new Map<string, boolean>();
  for (const object of objects) {
    if (object.kind !== 'CustomResourceDefinition') continue;
    const { spec } = jsonOf(object);
    if (!isJsonObject(spec) || !isJsonObject(spec.names)) continue;
    const kind = `${spec.names.kind}.${spec.group}`;
    scopes.set(kind, spec.scope === 'Namespaced');
  }
  return scopes;
}
