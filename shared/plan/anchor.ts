/**
 * The anchor: one ConfigMap a fleet and cluster that says who wrote last and what people told Plumbline there. It is
 * what keeps a stale writer out: the API server knows nothing of a lease elsewhere. Design.md section 6.
 */
import { FLEET_LABEL, fieldManagerOf, SYSTEM_NAMESPACE } from '../config/names.ts';
import { PlumblineError } from '../errors.ts';
import { type Approval, approvalSchema } from '../model/approval.ts';
import { type Suspension, suspensionSchema } from '../model/instruction.ts';
import { isJsonObject } from '../model/json.ts';
import { type KubeObject, refOf } from '../model/kube-object.ts';
import { formatRef } from '../model/object-ref.ts';

export interface Anchor {
  readonly fleet: string;
  /** Uid of the `kube-system` namespace. */
  readonly clusterUid: string;
  /** Highest fence that has written here. */
  readonly fence: number;
  /** Nonce of the run that raised it: two state tables may have counted to the same fence. */
  readonly writer: string;
  /** Ticket of the desired state that was written last. */
  readonly generation: number;
  /** What people suspended here, each name once. */
  readonly suspensions: readonly Suspension[];
  readonly approvals: readonly Approval[];
}

/** Returns the anchor as it is applied; with `resourceVersion` only if it is still at that version. */
export function anchorObject(anchor: Anchor, resourceVersion?: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: fieldManagerOf(anchor.fleet),
      namespace: SYSTEM_NAMESPACE,
      labels: { [FLEET_LABEL]: anchor.fleet },
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    data: {
      fleet: anchor.fleet,
      clusterUid: anchor.clusterUid,
      fence: String(anchor.fence),
      writer: anchor.writer,
      generation: String(anchor.generation),
      suspensions: JSON.stringify(anchor.suspensions),
      approvals: JSON.stringify(anchor.approvals),
    },
  };
}

/**
 * Returns the anchor that a ConfigMap holds; undefined when it is another ConfigMap.
 *
 * @throws {ConfigInvalid} when someone wrote into it what we never write: guessing a fence could let a stale writer in.
 */
export function readAnchor(configMap: KubeObject): Anchor | undefined {
  const fleet = configMap.metadata.labels?.[FLEET_LABEL];
  if (configMap.kind !== 'ConfigMap' || configMap.metadata.namespace !== SYSTEM_NAMESPACE) return undefined;
  if (fleet === undefined || configMap.metadata.name !== fieldManagerOf(fleet)) return undefined;
  const data = isJsonObject(configMap.data) ? configMap.data : {};
  const read = (key: string): unknown => data[key];
  return {
    fleet,
    clusterUid: readText(configMap, 'clusterUid', read('clusterUid')),
    fence: readCount(configMap, 'fence', read('fence')),
    writer: readText(configMap, 'writer', read('writer')),
    generation: readCount(configMap, 'generation', read('generation')),
    suspensions: readList(configMap, 'suspensions', read('suspensions')).map(
      (one) => parsedSuspension(one) ?? fail(configMap, 'suspensions', read('suspensions'), SUSPENSIONS),
    ),
    approvals: readList(configMap, 'approvals', read('approvals')).map((one) => {
      const approval = approvalSchema.safeParse(one);
      return approval.success
        ? approval.data
        : fail(configMap, 'approvals', read('approvals'), 'a JSON list of approvals');
    }),
  };
}

function readText(configMap: KubeObject, key: string, value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : fail(configMap, key, value, 'a text');
}

function readCount(configMap: KubeObject, key: string, value: unknown): number {
  const count = typeof value === 'string' && /^[0-9]{1,15}$/.test(value) ? Number(value) : undefined;
  return count ?? fail(configMap, key, value, 'a whole number');
}

const SUSPENSIONS = 'a JSON list of names such as ["podinfo"]';

/** A bare name is what people write by hand. */
function parsedSuspension(value: unknown): Suspension | undefined {
  return typeof value === 'string' ? { name: value } : suspensionSchema.safeParse(value).data;
}

function readList(configMap: KubeObject, key: string, value: unknown): readonly unknown[] {
  if (typeof value !== 'string') return fail(configMap, key, value, 'a JSON list');
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return fail(configMap, key, value, 'a JSON list');
  }
  return Array.isArray(parsed) ? parsed : fail(configMap, key, value, 'a JSON list');
}

function fail(configMap: KubeObject, key: string, value: unknown, expected: string): never {
  throw new PlumblineError([
    {
      code: 'ConfigInvalid',
      subject: formatRef(refOf(configMap)),
      act: 'read the anchor',
      wrong: `data.${key} is ${JSON.stringify(value) ?? 'missing'}, expected ${expected}`,
      remedy: 'put the value back, or delete the ConfigMap once no run is under way; suspensions in it are lost then',
    },
  ]);
}
