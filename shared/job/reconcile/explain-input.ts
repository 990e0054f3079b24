import type { HealthVerdict } from '../../model/health.ts';
import { formatRef, type RefKey } from '../../model/object-ref.ts';
import type { ApplicationStatus, ClusterItem, ObjectStatus } from '../../model/status.ts';
import { readJsonBlob } from '../blob-json.ts';
import type { BlobReader } from '../ports.ts';
import type { ExplainInput } from './explain-health.ts';
import type { LoadedState } from './load-desired.ts';
import { isOverdue } from './summarise-applications.ts';

/** Returns what explaining health needs to know of the run and of the one before. */
export function explainInput(
  blobs: BlobReader,
  before: { readonly item: ClusterItem; readonly loaded: LoadedState; readonly previous: readonly ApplicationStatus[] },
  nowMs: number,
): ExplainInput {
  const previous = new Map(before.previous.map((status) => [status.application, status]));
  const overdue = before.loaded.desired.applications.filter((application) =>
    isOverdue(application, previous.get(application.name), nowMs),
  );
  return {
    late: new Set(overdue.map(({ name }) => name)),
    readLast: () => readLastVerdicts(blobs, before.item.status?.objects),
  };
}

async function readLastVerdicts(
  blobs: BlobReader,
  key: string | undefined,
): Promise<ReadonlyMap<RefKey, HealthVerdict>> {
  const objects = key === undefined ? undefined : await readJsonBlob<readonly ObjectStatus[]>(blobs, key);
  return new Map(
    (objects ?? []).flatMap(({ outcome: { ref, health } }) => (health === undefined ? [] : [[formatRef(ref), health]])),
  );
}
