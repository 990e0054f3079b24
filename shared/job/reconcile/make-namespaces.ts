import { PlumblineError } from '../../errors.ts';
import { type KubeObject, refOf } from '../../model/kube-object.ts';
import type { ClusterPlan } from '../../plan/plan-input.ts';
import { problemOfRefusal } from '../../plan/refusal.ts';
import type { RunContext } from './run-context.ts';
import { pathOf } from './served-kinds.ts';

/** Makes the namespaces that must exist before anything is applied. They carry no label of ours: nothing prunes them. */
export async function makeNamespaces(run: RunContext, namespaces: ClusterPlan['namespaces']): Promise<void> {
  await Promise.all(namespaces.map(({ namespace }) => makeNamespace(run, namespace)));
}

async function makeNamespace(run: RunContext, name: string): Promise<void> {
  const object: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  const path = pathOf(run.served, object);
  if (path === undefined) return;
  const result = await run.connection.apply(path, object, { fieldManager: run.fieldManager, force: false });
  if (!result.ok) throw new PlumblineError([problemOfRefusal(refOf(object), 'create the namespace', result.refusal)]);
}
