import type { KubeObject } from '../model/kube-object.ts';
import type { ObjectRecord } from '../model/record.ts';
import { applyEntryOf } from './fields-v1.ts';
import { isKubeObject, jsonOf } from './kube-json.ts';
import { projectFields } from './projection.ts';

/**
 * Returns what has to be applied first to an object that lost our ownership entry (someone cleared managedFields) and
 * gets new content: the live values of the fields that we had claimed. Without that a field dropped from Git would stay
 * for ever, for nobody would own it. Undefined: there is nothing to claim back.
 */
export function reclaimedObject(
  change: { readonly digest: string; readonly live?: KubeObject },
  record: ObjectRecord | undefined,
  fieldManager: string,
): KubeObject | undefined {
  const { live, digest } = change;
  if (live === undefined || record === undefined || record.digest === digest) return undefined;
  if (applyEntryOf(live, fieldManager) !== undefined) return undefined;
  const { name, namespace } = live.metadata;
  const claimed = projectFields(jsonOf(live), record.fields);
  const identity = { apiVersion: live.apiVersion, kind: live.kind };
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  const body = typeof claimed === 'object' && claimed !== null && !Array.isArray(claimed) ? claimed : {};
  const object = { ...body, ...identity, metadata: { ...(body as { metadata?: object }).metadata, ...metadata } };
  return isKubeObject(object) ? object : undefined;
}
