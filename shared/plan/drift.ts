/** What someone changed behind Git's back, and who; design.md section 5. Called for suspects only. */
import { APPLIED_ANNOTATION, PART_OF_LABEL } from '../config/names.ts';
import type { Drift, DriftedField } from '../model/drift.ts';
import { jsonOf } from '../model/kube-json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { ObjectRecord } from '../model/record.ts';
import { isOpenMap, pathsNotOwned, pathsOfLost, pathsOfOtherValues } from './drifted-paths.ts';
import { holderOf } from './field-holder.ts';
import { type FieldPath, pointerIn, pointerOf, printPath, resolvePath, valueAt } from './field-path.ts';
import { applyEntryOf, type FieldsV1, subtract } from './fields-v1.ts';
import { isIgnored } from './ignore.ts';
import type { PreparedObject } from './prepare.ts';

export interface DriftQuestion {
  readonly prepared: PreparedObject;
  /** Undefined: not in the cluster. */
  readonly live: KubeObject | undefined;
  /** `live` was read without its content: only metadata and owners can be compared. */
  readonly isMetadata: boolean;
  readonly record: ObjectRecord | undefined;
  readonly fieldManager: string;
}

/**
 * Returns how the live object differs from what we applied; undefined when nothing of ours was touched, or when we
 * never applied it. A record of another digest counts as none: Git changed too, and the update sets it right.
 */
export function driftOf(question: DriftQuestion): Drift | undefined {
  const { prepared, live, fieldManager } = question;
  const record = question.record?.digest === prepared.digest ? question.record : undefined;
  if (!live) return record && drift(prepared, 'deleted', []);
  if (!record && !looksLikeOurs(prepared, live)) return undefined;
  if (live.metadata.deletionTimestamp !== undefined) return drift(prepared, 'terminating', []);

  const owned = applyEntryOf(live, fieldManager)?.fieldsV1;
  const paths = touchedPaths({ ...question, live, record }, owned ?? {});
  const fields = paths
    .map((path) => driftedField(path, prepared, live, fieldManager))
    .filter((field) => !isIgnored(prepared, field));
  if (!owned) return drift(prepared, 'disowned', fields);
  return fields.length > 0 ? drift(prepared, 'changed', fields) : undefined;
}

function touchedPaths(
  { prepared, live, isMetadata, record }: DriftQuestion & { readonly live: KubeObject },
  owned: FieldsV1,
): readonly FieldPath[] {
  const desired = jsonOf(prepared.object);
  if (!record) return pathsNotOwned(desired, owned);
  const lost = subtract(record.fields, owned);
  const lostPaths = lost ? pathsOfLost({ lost, claimed: record.fields }, isMetadata ? undefined : jsonOf(live)) : [];
  const otherValues = isMetadata ? [] : pathsOfOtherValues({ desired, live: jsonOf(live) }, owned);
  return [...lostPaths.filter((path) => !isOpenMap(valueAt(desired, path), path)), ...otherValues];
}

function looksLikeOurs(prepared: PreparedObject, live: KubeObject): boolean {
  const { labels, annotations } = live.metadata;
  return (
    annotations?.[APPLIED_ANNOTATION] === prepared.digest &&
    labels?.[PART_OF_LABEL] === prepared.object.metadata.labels?.[PART_OF_LABEL]
  );
}

function driftedField(path: FieldPath, prepared: PreparedObject, live: KubeObject, fieldManager: string): DriftedField {
  const desired = jsonOf(prepared.object);
  const inLive = resolvePath(jsonOf(live), path);
  const inDesired = resolvePath(desired, path);
  const place = inLive ?? inDesired;
  const pointer = place ? pointerOf(place.segments) : pointerIn(desired, path);
  const declared = inDesired ? pointerOf(inDesired.segments) : pointer;
  return {
    path: printPath(path),
    pointer,
    ...(declared !== pointer && { declared }),
    ...(isSecretValue(path, prepared)
      ? {}
      : { ...(inDesired && { wanted: inDesired.value }), ...(inLive && { found: inLive.value }) }),
    ...holderOf(live, path, fieldManager),
  };
}

/** Drift is stored and shown: a value of a Secret must not even get there. */
function isSecretValue([first]: FieldPath, { ref }: PreparedObject): boolean {
  const isContent = first?.element === 'field' && first.name !== 'metadata';
  return ref.group === '' && ref.kind === 'Secret' && isContent;
}

function drift(prepared: PreparedObject, kind: Drift['kind'], fields: readonly DriftedField[]): Drift {
  return { ref: prepared.ref, application: prepared.application, kind, fields };
}
