/** What the Pod of a failed hook wrote last: mostly all that anyone needs to know. */
import type { KubeObject } from '../../model/kube-object.ts';
import { refOf } from '../../model/kube-object.ts';
import { hideSecretsIn } from '../../plan/hide-secrets.ts';
import type { RunContext } from './run-context.ts';
import { preferredPathOf } from './served-kinds.ts';

const MOST_LINES = 10;
const MOST_CHARACTERS = 2_000;
/** Set by the Job controller on its Pods (kubernetes.io, "Labels, Annotations and Taints"). */
const JOB_LABEL = 'batch.kubernetes.io/controller-uid';

/**
 * Returns the last lines, the newest at the end; '' where there is no Pod, its node is gone, or the application is
 * declared no longer: what it kept secret is not known then, and programs print what they are given.
 */
export async function lastLinesOf(run: RunContext, application: string, hook: KubeObject): Promise<string> {
  const secrets = run.secretsOf(application);
  if (secrets === undefined) return '';
  const pod = hook.kind === 'Pod' ? hook : await newestPodOf(run, hook);
  if (pod === undefined) return '';
  const logs = await run.connection.for(application).logs(refOf(pod), { tailLines: MOST_LINES });
  if (!logs.ok) return '';
  return hideSecretsIn(logs.value.join('\n').trim(), secrets).slice(-MOST_CHARACTERS);
}

async function newestPodOf(run: RunContext, { metadata, kind }: KubeObject): Promise<KubeObject | undefined> {
  const path = preferredPathOf(run.served, { group: '', kind: 'Pod' });
  if (kind !== 'Job' || path === undefined || metadata.namespace === undefined) return undefined;
  const labelSelector = `${JOB_LABEL}=${metadata.uid}`;
  const listed = await run.connection.list(path, { namespace: metadata.namespace, labelSelector });
  const pods = listed.ok ? listed.value : [];
  const born = (pod: KubeObject) => pod.metadata.creationTimestamp ?? '';
  return pods.toSorted((a, b) => (born(a) < born(b) ? -1 : 1)).at(-1);
}
