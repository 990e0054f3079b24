/**
 * The fingerprint of what the API server says we own of an object; design.md section 5. It changes exactly when someone
 * takes, removes or overwrites a field of ours, reorders our list items, or deletes the object.
 * Source: server-side apply, "Managed fields" (kubernetes.io, v1.36); tried in test/e2e/ownership.test.ts.
 */
import { createHash } from 'node:crypto';
import { stringifyJson } from '../model/json-text.ts';
import { jsonOf } from '../model/kube-json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { type GroupKind, groupOf } from '../model/object-ref.ts';
import type { ObjectRecord, Stamp } from '../model/record.ts';
import { applyEntryOf, type FieldsV1 } from './fields-v1.ts';
import { projectFields } from './projection.ts';

/**
 * Tells the kinds that are listed without their content: Secrets, so that no value is read that need not be, and
 * CustomResourceDefinitions, whose schemas are large.
 */
export function isMetadataOnly({ group, kind }: GroupKind): boolean {
  return (
    (group === '' && kind === 'Secret') || (group === 'apiextensions.k8s.io' && kind === 'CustomResourceDefinition')
  );
}

/** Returns the fields that `fieldManager` owns by apply; undefined when it owns nothing. */
export function claimedFields(object: KubeObject, fieldManager: string): FieldsV1 | undefined {
  return applyEntryOf(object, fieldManager)?.fieldsV1;
}

/** Returns the stamp; undefined when `fieldManager` owns nothing of `object`. Values of metadata-only kinds stay out. */
export function stampOf(object: KubeObject, fieldManager: string): Stamp | undefined {
  const entry = applyEntryOf(object, fieldManager);
  if (!entry?.fieldsV1) return undefined;
  const { uid, deletionTimestamp } = object.metadata;
  const metadataOnly = isMetadataOnly({ group: groupOf(object.apiVersion), kind: object.kind });
  const values = metadataOnly ? undefined : projectFields(jsonOf(object), entry.fieldsV1);
  // Not canonical, which would cost four times as much: the API server writes keys in one order of its own.
  return createHash('sha256')
    .update(stringifyJson([uid, entry.time, deletionTimestamp, entry.fieldsV1, values]))
    .digest('base64url');
}

/** Returns what is to be remembered of an object after our apply of it; undefined when nothing of it is ours. */
export function recordOf(
  live: KubeObject,
  applied: { readonly application: string; readonly digest: string; readonly crd: string | undefined },
  fieldManager: string,
): ObjectRecord | undefined {
  const fields = claimedFields(live, fieldManager);
  const stamp = stampOf(live, fieldManager);
  if (!fields || stamp === undefined) return undefined;
  const { application, digest, crd } = applied;
  return { application, digest, stamp, fields, ...(crd === undefined ? {} : { crd }) };
}
