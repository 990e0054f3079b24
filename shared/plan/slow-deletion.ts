/** Why an object that is being deleted is still there: finalizers of others, or what is left in a Namespace. */
import { isJsonObject } from '../model/json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { refOf } from '../model/kube-object.ts';
import { formatRef } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';

/** A deletion that takes longer is somebody's trouble. */
const PATIENCE_MS = 10 * 60_000;

/** Returns `is being deleted since 2026-11-21T10:00:00Z, held by example.com/drain`. */
export function describeDeletion(live: KubeObject): string {
  const { deletionTimestamp, finalizers = [] } = live.metadata;
  const since = deletionTimestamp === undefined ? '' : ` since ${deletionTimestamp}`;
  const held = [...finalizers, ...finalizersOfNamespace(live)];
  const remaining = contentsOfNamespace(live);
  return [
    `is being deleted${since}`,
    ...(held.length === 0 ? [] : [`held by ${held.join(', ')}`]),
    ...(remaining.length === 0 ? [] : [remaining.join('; ')]),
  ].join(', ');
}

/** Returns the problem that an object which will not go is; undefined while it may only be slow. */
export function stuckDeletion(live: KubeObject, nowMs: number): Problem | undefined {
  const sinceMs = Date.parse(live.metadata.deletionTimestamp ?? '');
  if (!(nowMs - sinceMs > PATIENCE_MS)) return undefined;
  return {
    code: 'HealthTimeout',
    subject: formatRef(refOf(live)),
    act: 'prune',
    wrong: `it ${describeDeletion(live)}`,
    remedy: 'see why the controller behind the finalizer does not finish; it takes the finalizer away when it is done',
  };
}

/** `kubernetes` is on every Namespace and says nothing. */
function finalizersOfNamespace({ kind, spec }: KubeObject): readonly string[] {
  if (kind !== 'Namespace' || !isJsonObject(spec) || !Array.isArray(spec.finalizers)) return [];
  return spec.finalizers.filter((one) => one !== 'kubernetes').map(String);
}

/** The namespace controller's own words: which kinds are left, and which finalizers hold them. */
function contentsOfNamespace({ kind, status }: KubeObject): readonly string[] {
  const conditions = kind === 'Namespace' && isJsonObject(status) ? status.conditions : undefined;
  if (!Array.isArray(conditions)) return [];
  return conditions.flatMap((one) =>
    isJsonObject(one) && one.status === 'True' && typeof one.message === 'string' ? [one.message] : [],
  );
}
