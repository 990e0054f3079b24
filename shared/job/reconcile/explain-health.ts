/** Says why a workload is not healthy, from its Pods: so that nobody needs kubectl to read "image cannot be pulled". */
import { assessWorkload } from '../../health/explain-workload.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { Applied } from './apply-object.ts';
import { eachConcurrently } from './each-concurrently.ts';
import type { RunContext } from './run-context.ts';
import { preferredPathOf } from './served-kinds.ts';

const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']);
/** One LIST of Pods each; a cluster that is ill everywhere is explained by a few. */
const MOST_NAMESPACES = 10;

/** Returns `results` with deeper reasons. What was written just now is left alone: its Pods are only being made. */
export async function explainHealth(run: RunContext, results: readonly Applied[]): Promise<readonly Applied[]> {
  const path = preferredPathOf(run.served, { group: '', kind: 'Pod' });
  const ill = results.filter(isIllWorkload);
  const namespaces = [...new Set(ill.map(({ change }) => change.ref.namespace))].slice(0, MOST_NAMESPACES);
  if (path === undefined || namespaces.length === 0) return results;
  const pods = await eachConcurrently(namespaces, run.limits.concurrency, async (namespace) => {
    const listed = await run.connection.list(path, { namespace });
    return listed.ok ? listed.value : [];
  });
  const podsByNamespace = new Map(namespaces.map((namespace, index) => [namespace, pods[index] ?? []]));
  return results.map((result) => explained(run, result, podsByNamespace.get(result.change.ref.namespace)));
}

function isIllWorkload({ change, outcome, live }: Applied): boolean {
  const isWritten = outcome.result === 'created' || outcome.result === 'configured';
  const isIll = outcome.health?.health === 'progressing' || outcome.health?.health === 'degraded';
  return live !== undefined && !isWritten && isIll && WORKLOADS.has(change.ref.kind);
}

function explained(run: RunContext, result: Applied, pods: readonly KubeObject[] | undefined): Applied {
  if (pods === undefined || result.live === undefined || !isIllWorkload(result)) return result;
  return { ...result, outcome: { ...result.outcome, health: assessWorkload(result.live, pods, run.nowMs()) } };
}
