/**
 * Patches of managedFields alone, by which fields of others become ours: the next apply, which does not declare them,
 * drops them. The API server answers 409 when the object changed since it was read.
 * Source: client-go, util/csaupgrade, by which kubectl moves from client-side to server-side apply.
 */
import type { KubeObject, ManagedFieldsEntry } from '../model/kube-object.ts';
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

/**
 * Returns the patch by which everything that the adopted tools set becomes ours, before our first apply of an object of
 * theirs: else what they set and Git does not have would stay for ever. Empty when we own the object already, or when
 * they hold nothing of it.
 */
export function adoptionPatch(
  live: KubeObject,
  adopt: readonly FormerOwner[],
  fieldManager: string,
): readonly ClaimOperation[] {
  const all = live.metadata.managedFields ?? [];
  const theirs = all.filter(({ manager, subresource }) => !subresource && isAdopted(manager, adopt));
  const [first] = theirs;
  if (applyEntryOf(live, fieldManager) || !first) return [];
  let fieldsV1: FieldsV1 = {};
  for (const entry of theirs) fieldsV1 = union(fieldsV1, entry.fieldsV1 ?? {});
  const ours = { ...first, manager: fieldManager, operation: 'Apply' as const, fieldsV1 };
  return replaceEntries(live, [ours, ...all.filter((entry) => !theirs.includes(entry))]);
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

function replaceEntries(live: KubeObject, entries: readonly ManagedFieldsEntry[]): readonly ClaimOperation[] {
  const { resourceVersion } = live.metadata;
  if (resourceVersion === undefined) return [];
  return [
    { op: 'replace', path: '/metadata/managedFields', value: entries },
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
  ];
}
