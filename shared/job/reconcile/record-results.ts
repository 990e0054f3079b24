import { heatedBy } from '../../model/heat.ts';
import type { RefKey } from '../../model/object-ref.ts';
import { formatGroupKind, formatRef } from '../../model/object-ref.ts';
import type { ClusterRecord, ObjectRecord } from '../../model/record.ts';
import { recordOf } from '../../plan/stamp.ts';
import { readJsonBlob, writeContentBlob } from '../blob-json.ts';
import type { BlobStore } from '../ports.ts';
import type { Applied } from './apply-object.ts';

/** A record as it lies in its blob. */
interface StoredRecord {
  readonly clusterUid: string;
  readonly objects: Readonly<Record<RefKey, ObjectRecord>>;
}

/** Returns the record of the cluster with that uid; undefined when it is lost or another cluster's. */
export async function readRecord(
  blobs: BlobStore,
  key: string | undefined,
  clusterUid: string,
): Promise<ClusterRecord | undefined> {
  const stored = key === undefined ? undefined : await readJsonBlob<StoredRecord>(blobs, key);
  if (stored?.clusterUid !== clusterUid) return undefined;
  return { clusterUid, objects: new Map(Object.entries(stored.objects)) };
}

export async function writeRecord(blobs: BlobStore, record: ClusterRecord): Promise<string> {
  const stored: StoredRecord = { clusterUid: record.clusterUid, objects: Object.fromEntries(record.objects) };
  return writeContentBlob(blobs, 'record', stored);
}

/** Returns the record after a run: what was applied anew, what was kept, and what was left alone as it was known. */
export function recordResults(
  before: ClusterRecord | undefined,
  results: readonly Applied[],
  run: AppliedIn & { readonly clusterUid: string },
): ClusterRecord {
  const objects = new Map<RefKey, ObjectRecord>();
  for (const result of results) {
    // What is run once is never compared.
    if (result.change.hook !== undefined) continue;
    const key = formatRef(result.change.ref);
    const known = before?.objects.get(key);
    const record = recordOfApplied(result, known, run) ?? known;
    if (record !== undefined && result.outcome.result !== 'pruned') objects.set(key, record);
  }
  return { clusterUid: run.clusterUid, objects };
}

interface AppliedIn {
  readonly fieldManager: string;
  readonly crds: ReadonlyMap<string, string>;
  readonly nowMs: number;
}

function recordOfApplied(
  { change, outcome, live }: Applied,
  before: ObjectRecord | undefined,
  { fieldManager, crds, nowMs }: AppliedIn,
): ObjectRecord | undefined {
  const isWrite = change.op === 'create' || change.op === 'update';
  if (!isWrite || live === undefined || outcome.result === 'failed' || outcome.result === 'skipped') return undefined;
  const { application, digest, drift } = change;
  const record = recordOf(live, { application, digest, crd: crds.get(formatGroupKind(change.ref)) }, fieldManager);
  const known = before?.digest === digest ? before.heat : undefined;
  const isHealed = outcome.healed === true && drift !== undefined;
  const heat = isHealed ? heatedBy(known, drift, nowMs) : known;
  const { warnings = [] } = outcome;
  return record && { ...record, ...(heat && { heat }), ...(warnings.length > 0 && { warnings }) };
}

/** Returns the results with what the API server warned of when an object was applied that this run left as it is. */
export function withKnownWarnings(results: readonly Applied[], before: ClusterRecord | undefined): readonly Applied[] {
  return results.map((result) => {
    const { change, outcome } = result;
    const warnings = change.op === 'keep' ? before?.objects.get(formatRef(change.ref))?.warnings : undefined;
    return warnings && outcome.result === 'unchanged' ? { ...result, outcome: { ...outcome, warnings } } : result;
  });
}
