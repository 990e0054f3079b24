/**
 * A fleet's plan turned round: from changes by cluster to objects with the clusters where the same would happen to them,
 * because that is what a reviewer asks first. The text and the JSON report are both made from it.
 */
import type { Change, SkipReason } from '../model/change.ts';
import type { Drift } from '../model/drift.ts';
import { canonicalJson } from '../model/json-text.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { Phase } from '../model/object-policy.ts';
import { formatRef, type RefKey } from '../model/object-ref.ts';
import { diffObjects, type FieldChange, listFields } from './diff-objects.ts';
import type { ClusterPreview, FleetPlan } from './fleet-plan.ts';
import { isMetadataOnly } from './object-json.ts';

/** What would happen to one object, Secrets masked. */
export type PlannedObject = {
  readonly ref: RefKey;
  readonly application: string;
  /** The phase that it is run in as a hook. */
  readonly hook?: Phase;
} /** `let-go`: it stays in the cluster, without our marks. */ & (
  | { readonly effect: 'delete' | 'let-go' }
  | {
      readonly effect: 'change';
      readonly fields: readonly FieldChange[];
      readonly drift?: PlannedDrift;
      /** The live contents were not read (a Secret, a CRD): they differ, `fields` cannot say where. */
      readonly contentsUnread: boolean;
      /** It is deleted and made anew, because of this field. */
      readonly replaced?: string;
    }
  | { readonly effect: 'create'; readonly fields: readonly FieldChange[]; readonly drift?: PlannedDrift }
  | { readonly effect: 'skip'; readonly reason: SkipReason; readonly drift?: PlannedDrift }
  /** Applied again, with the same result but for our own bookkeeping: records were lost, or a key changed. */
  | { readonly effect: 'renew' }
);

/** Why it is more than a new revision. Without times, so that clusters with the same drift stand together. */
export interface PlannedDrift {
  readonly kind: Drift['kind'];
  /** Managers that hold fields of ours now, sorted. */
  readonly by: readonly string[];
}

export interface PlannedGroup {
  readonly object: PlannedObject;
  /** Where just this would happen, in the order of the fleet. */
  readonly clusters: readonly string[];
}

/** Returns what would happen, each different thing once, in the order in which clusters and their runs come to it. */
export function groupPlan(clusters: FleetPlan['clusters']): readonly PlannedGroup[] {
  const groups = new Map<string, { readonly object: PlannedObject; readonly clusters: string[] }>();
  for (const preview of clusters) {
    for (const change of preview.changes) {
      const object = plannedObject(change, preview);
      if (object === undefined) continue;
      const key = canonicalJson(object);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { object, clusters: [preview.cluster] });
      else group.clusters.push(preview.cluster);
    }
  }
  return [...groups.values()];
}

/** Returns undefined for an object to which nothing would happen; what is refused is a problem, not an effect. */
function plannedObject(change: Change, preview: ClusterPreview): PlannedObject | undefined {
  const { ref, application, hook } = change;
  const named = { ref: formatRef(ref), application, ...(hook && { hook }) };
  switch (change.op) {
    case 'keep':
    case 'refuse':
      return undefined;
    case 'prune':
      return { ...named, effect: change.letsGo ? 'let-go' : 'delete' };
    case 'skip':
      return { ...named, effect: 'skip', reason: change.reason, ...driftOf(change.drift) };
    case 'create':
    case 'update':
      return change.live === undefined
        ? { ...named, effect: 'create', fields: listFields(change.desired), ...driftOf(change.drift) }
        : {
            ...named,
            ...plannedUpdate(change.live, change.desired, preview.merged.get(named.ref)),
            ...replacedIn(preview, named.ref),
            ...driftOf(change.drift),
          };
  }
}

function replacedIn({ replaced }: ClusterPreview, ref: RefKey): { readonly replaced?: string } {
  const field = replaced?.get(ref);
  return field === undefined ? {} : { replaced: field };
}

/** What API servers warn of, each text once, with the objects that it concerns, in the order of the plan. */
export function warningsOf(clusters: FleetPlan['clusters']): ReadonlyMap<string, readonly RefKey[]> {
  const refsByText = new Map<string, Set<RefKey>>();
  for (const { warnings = [] } of clusters) {
    for (const [ref, texts] of warnings) {
      for (const text of texts) refsByText.set(text, (refsByText.get(text) ?? new Set()).add(ref));
    }
  }
  return new Map([...refsByText].map(([text, refs]) => [text, [...refs]]));
}

/** What renderers warn of, each text once, with the applications that it concerns. */
export function renderWarningsOf(clusters: FleetPlan['clusters']): ReadonlyMap<string, readonly string[]> {
  const namesByText = new Map<string, Set<string>>();
  for (const [name, texts] of clusters.flatMap(({ rendered = [] }) => [...rendered])) {
    for (const text of texts) namesByText.set(text, (namesByText.get(text) ?? new Set()).add(name));
  }
  return new Map([...namesByText].map(([text, names]) => [text, [...names].sort()]));
}

type Update =
  | { readonly effect: 'change'; readonly fields: readonly FieldChange[]; readonly contentsUnread: boolean }
  | { readonly effect: 'renew' };

function plannedUpdate(live: KubeObject, desired: KubeObject, merged: KubeObject | undefined): Update {
  const after = merged ?? desired;
  if (isMetadataOnly(live) && !isMetadataOnly(after)) return plannedUnread(live, after, merged !== undefined);
  const fields = diffObjects(live, after, { partial: merged === undefined });
  return fields.length === 0 ? { effect: 'renew' } : { effect: 'change', fields, contentsUnread: false };
}

/**
 * The API server keeps our entry of managedFields, time and all, when an apply changes nothing; so entries that differ
 * say that contents differ which we have not read (kubernetes.io, "Server-Side Apply", no-op updates keep timestamps).
 */
function plannedUnread(live: KubeObject, after: KubeObject, isWhole: boolean): Update {
  const metadata = { apiVersion: after.apiVersion, kind: after.kind, metadata: after.metadata };
  const fields = diffObjects(live, metadata, { partial: !isWhole });
  const untouched =
    isWhole && canonicalJson(live.metadata.managedFields) === canonicalJson(after.metadata.managedFields);
  return untouched && fields.length === 0
    ? { effect: 'renew' }
    : { effect: 'change', fields, contentsUnread: !untouched };
}

function driftOf(drift: Drift | undefined): { readonly drift?: PlannedDrift } {
  if (drift === undefined) return {};
  const by = new Set(drift.fields.flatMap(({ manager }) => (manager === undefined ? [] : [manager])));
  return { drift: { kind: drift.kind, by: [...by].sort() } };
}
