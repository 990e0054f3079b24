import type { KubeObject } from '../../model/kube-object.ts';
import { refOf } from '../../model/kube-object.ts';
import type { Problem } from '../../model/problem.ts';
import type { ClusterPlan } from '../../plan/plan-input.ts';
import { problemOfRefusal } from '../../plan/refusal.ts';
import { eachConcurrently } from './each-concurrently.ts';
import type { AssertHeld } from './hold-anchor.ts';
import { refuseChanges } from './refuse-changes.ts';
import type { RunContext } from './run-context.ts';
import { pathOf } from './served-kinds.ts';

/**
 * Makes the namespaces that must exist before anything is applied, each as whoever its application acts as. They carry
 * no label of ours: nothing prunes them. Returns the plan with what cannot go into a namespace that could not be made.
 */
export async function makeNamespaces(run: RunContext, plan: ClusterPlan, assertHeld: AssertHeld): Promise<ClusterPlan> {
  // What waits for its turn run after run finds its namespace made by the first.
  const looked = await eachConcurrently(plan.namespaces, run.limits.concurrency, async (one) =>
    (await isThere(run, one)) ? [] : [one],
  );
  const absent = looked.flat();
  if (absent.length === 0) return plan;
  await assertHeld();
  const tried = await eachConcurrently(absent, run.limits.concurrency, (one) => makeNamespace(run, one));
  // Whoever may not make a namespace may well be given one, by another application among them.
  const missing = await eachConcurrently(tried.flat(), run.limits.concurrency, async (one) =>
    (await isThere(run, one)) ? [] : [one],
  );
  const unmade = missing.flat();
  if (unmade.length === 0) return plan;
  return refuseChanges(plan, (change) => {
    if (change.op !== 'create') return undefined;
    const { application, ref } = change;
    return unmade.find((one) => one.application === application && one.namespace === ref.namespace)?.problem;
  });
}

type Missing = ClusterPlan['namespaces'][number];

interface Unmade extends Missing {
  readonly problem: Problem;
}

/** Returns what could not be made. */
async function makeNamespace(run: RunContext, missing: Missing): Promise<readonly Unmade[]> {
  const object = namespaceObject(missing);
  const path = pathOf(run.served, object);
  if (path === undefined) return [];
  const requests = run.connection.for(missing.application);
  const result = await requests.apply(path, object, { fieldManager: run.fieldManager, force: false });
  return result.ok
    ? []
    : [{ ...missing, problem: problemOfRefusal(refOf(object), 'create the namespace', result.refusal) }];
}

async function isThere(run: RunContext, missing: Missing): Promise<boolean> {
  const object = namespaceObject(missing);
  const path = pathOf(run.served, object);
  const found = path && (await run.connection.get(path, refOf(object), { metadataOnly: true }));
  return found?.ok === true;
}

function namespaceObject({ namespace }: Missing): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
}
