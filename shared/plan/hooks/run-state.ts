/** How far the object of a run is, as far as planning must know: whether deleting it now would cut off its work. */
import { isJsonObject, type Json } from '../../model/json.ts';
import { jsonOf } from '../../model/kube-json.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { formatGroupKind, groupOf } from '../../model/object-ref.ts';

/** Tells whether its work has ended; only Jobs and Pods have work that ends. */
export function isFinished(live: KubeObject): boolean {
  switch (kindOf(live)) {
    case 'Job.batch':
      return hasCondition(live, 'Complete') || hasCondition(live, 'Failed');
    case 'Pod':
      return ['Succeeded', 'Failed'].includes(String(statusOf(live).phase));
    default:
      return true;
  }
}

/** Tells whether it is work that ends by itself, rather than something that is there for others. */
export function worksToAnEnd(live: KubeObject): boolean {
  return ['Job.batch', 'Pod'].includes(kindOf(live));
}

/** Tells whether somebody is at work in it: a Pod that never started may be deleted at any time. */
export function isAtWork(live: KubeObject): boolean {
  if (isFinished(live)) return false;
  const status = statusOf(live);
  return kindOf(live) === 'Pod' ? status.phase === 'Running' : Number(status.ready ?? 0) > 0;
}

function hasCondition(live: KubeObject, type: string): boolean {
  const { conditions } = statusOf(live);
  return (
    Array.isArray(conditions) &&
    conditions.some((one: Json) => isJsonObject(one) && one.type === type && one.status === 'True')
  );
}

function statusOf(live: KubeObject) {
  const { status } = jsonOf(live);
  return isJsonObject(status) ? status : {};
}

function kindOf({ apiVersion, kind }: KubeObject): string {
  return formatGroupKind({ group: groupOf(apiVersion), kind });
}
