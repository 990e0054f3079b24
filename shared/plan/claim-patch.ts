/**
 * Patches of managedFields alone, by which fields of others become ours: the next apply, which does not declare them,
 * drops them. The API server answers 409 when the object changed since it was read.
 * Source: client-go, util/csaupgrade, by which kubectl moves from client-side to server-side apply.
 */
import { isJsonObject } from '../model/json.ts';
import type { KubeObject, ManagedFieldsEntry } from '../model/kube-object.ts';
import { groupOf, versionOf } from '../model/object-ref.ts';
import type { ObjectRecord } from '../model/record.ts';
import { applyEntryOf, type FieldsV1, subtract, union } from './fields-v1.ts';
import { type FormerOwner, isAdopted } from './former-owners.ts';

/** RFC 6902, as far as it is needed here. */
export interface ClaimOperation {
  readonly op: 'replace';
  readonly path: string;
  readonly value: unknown;
}

/** Returns the patch by which `claimed` goes from whoever holds it to our Apply entry; empty without such an entry. */
export function claimPatch(live: KubeObject, claimed: FieldsV1, fieldManager: string): readonly ClaimOperation[] {
  const ours = applyEntryOf(live, fieldManager);
  if (!ours) return [];
  const entries = (live.metadata.managedFields ?? []).flatMap((entry) => {
    if (entry === ours) return [{ ...entry, fieldsV1: union(entry.fieldsV1 ?? {}, claimed) }];
    const fieldsV1 = entry.fieldsV1 && subtract(entry.fieldsV1, claimed);
    return fieldsV1 ? [{ ...entry, fieldsV1 }] : [];
  });
  return replaceEntries(live, entries);
}

/** What is never taken over: others wait for it, and drop it themselves when they are done. */
const LEFT: FieldsV1 = { 'f:metadata': { 'f:finalizers': {}, 'f:ownerReferences': {} } };

export interface Adoption {
  readonly adopt: readonly FormerOwner[];
  /** Labels and annotations of the former tools that go (`formerMarks`); undefined: none. */
  readonly marks: FieldsV1 | undefined;
}

/**
 * Returns the patch by which everything that the adopted tools set becomes ours, and so do their marks: else what they
 * set and Git does not have would stay for ever. Done before our first apply of an object of theirs, and later where it
 * still has their marks; what their tool adds to an object of ours afterwards is an addition like any other. Empty where
 * there is nothing to take.
 */
export function adoptionPatch(
  live: KubeObject,
  { adopt, marks }: Adoption,
  fieldManager: string,
): readonly ClaimOperation[] {
  const ours = applyEntryOf(live, fieldManager);
  if (ours && !marks) return [];
  const all = live.metadata.managedFields ?? [];
  const theirs = all.filter(({ manager, subresource }) => !subresource && isAdopted(manager, adopt));
  const base = ours ?? theirs[0] ?? (marks && emptyEntry(live));
  if (!base) return [];
  // Paths are those of a version; what was set in another stays as it is.
  const taken = theirs.filter(({ apiVersion }) => apiVersion === base.apiVersion);
  let fieldsV1: FieldsV1 = union(ours?.fieldsV1 ?? {}, marks ?? {});
  for (const entry of taken) fieldsV1 = union(fieldsV1, without(entry.fieldsV1 ?? {}, LEFT));
  const others = all.flatMap((entry) => {
    if (entry === ours) return [];
    const kept = taken.includes(entry) ? onlyIn(entry.fieldsV1 ?? {}, LEFT) : (entry.fieldsV1 ?? {});
    const rest = marks && !entry.subresource ? subtract(kept, marks) : kept;
    return rest && Object.keys(rest).length > 0 ? [{ ...entry, fieldsV1: rest }] : [];
  });
  const own = { ...base, manager: fieldManager, operation: 'Apply' as const, fieldsV1 };
  return replaceEntries(live, [own, ...others]);
}

function emptyEntry({ apiVersion }: KubeObject): ManagedFieldsEntry {
  return { manager: '', operation: 'Apply', apiVersion, fieldsType: 'FieldsV1' };
}

/** Two levels deep, which is where all of `LEFT` is. */
function without(fields: FieldsV1, left: FieldsV1): FieldsV1 {
  const kept = onlyIn(fields, left);
  return Object.keys(kept).length === 0 ? fields : (subtract(fields, kept) ?? {});
}

function onlyIn(fields: FieldsV1, left: FieldsV1): FieldsV1 {
  const found = Object.entries(left).flatMap(([name, below]) => {
    const own = fields[name];
    if (!isJsonObject(own) || !isJsonObject(below)) return [];
    const inner = Object.entries(own).filter(([child]) => child in below);
    return inner.length === 0 ? [] : [[name, Object.fromEntries(inner)] as const];
  });
  return Object.fromEntries(found);
}

/**
 * Returns the patch that gives us back what the record says we had claimed of an object that lost our entry: someone
 * cleared managedFields, or made the object anew. An apply alone would share the fields with whoever holds them now
 * (`before-first-apply` where nobody does), and those dropped from Git later would stay for ever. Empty when our entry
 * is there, or without a record.
 */
export function reclaimPatch(
  live: KubeObject,
  record: ObjectRecord | undefined,
  fieldManager: string,
): readonly ClaimOperation[] {
  if (!record || applyEntryOf(live, fieldManager)) return [];
  const others = (live.metadata.managedFields ?? []).flatMap((entry) => {
    const fieldsV1 = entry.fieldsV1 && subtract(entry.fieldsV1, record.fields);
    return fieldsV1 ? [{ ...entry, fieldsV1 }] : [];
  });
  const { apiVersion } = live;
  const ours = {
    manager: fieldManager,
    operation: 'Apply',
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: record.fields,
  } as const;
  return replaceEntries(live, [ours, ...others]);
}

/**
 * Returns the patch that moves entries of versions which the cluster serves no more to the version of `live`: a CRD lost
 * a version while others had the word, and kube-apiserver 1.36 answers every apply of such an object with 500 ("request to
 * convert CR to an invalid group/version"). Empty where there is none. Flux does the same before it applies.
 */
export function versionPatch(live: KubeObject, servedVersions: readonly string[]): readonly ClaimOperation[] {
  const all = live.metadata.managedFields ?? [];
  const isGone = ({ apiVersion }: ManagedFieldsEntry) =>
    apiVersion !== undefined &&
    groupOf(apiVersion) === groupOf(live.apiVersion) &&
    !servedVersions.includes(versionOf(apiVersion));
  if (!all.some(isGone)) return [];
  const moved = new Map<string, ManagedFieldsEntry>();
  for (const one of all) {
    const entry = isGone(one) ? { ...one, apiVersion: live.apiVersion } : one;
    const key = JSON.stringify([entry.manager, entry.operation, entry.subresource, entry.apiVersion]);
    const same = moved.get(key);
    moved.set(key, same ? { ...same, fieldsV1: union(same.fieldsV1 ?? {}, entry.fieldsV1 ?? {}) } : entry);
  }
  return replaceEntries(live, [...moved.values()]);
}

function replaceEntries(live: KubeObject, entries: readonly ManagedFieldsEntry[]): readonly ClaimOperation[] {
  const { resourceVersion } = live.metadata;
  if (resourceVersion === undefined) return [];
  return [
    { op: 'replace', path: '/metadata/managedFields', value: entries },
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
  ];
}
