/**
 * Writes the ApplySet parents: widened to the kinds and namespaces of before and after before the first write to any
 * object, narrowed after the last prune, so that a crash in between never loses track of an object.
 */
import { PlumblineError } from '../../errors.ts';
import type { ApiRefusal } from '../../model/api-refusal.ts';
import { refOf } from '../../model/kube-object.ts';
import {
  applySetId,
  type Parent,
  type ParentContent,
  parentName,
  parentObject,
  unitedKinds,
} from '../../plan/apply-set.ts';
import { parentSettingsOf } from '../../plan/holdings.ts';
import type { PreparedApplication } from '../../plan/plan-input.ts';
import { problemOfRefusal } from '../../plan/refusal.ts';
import { eachConcurrently } from './each-concurrently.ts';
import type { AssertHeld } from './hold-anchor.ts';
import { type ObservedCluster, unseenKindsOf } from './observe-cluster.ts';
import type { Remaining } from './remaining-objects.ts';
import type { RunContext } from './run-context.ts';
import { pathOf } from './served-kinds.ts';

/** Returns what the parents say when a run has done what it could: what is wanted, what is left over, what is unseen. */
export function settledParents(
  fleet: string,
  applications: readonly PreparedApplication[],
  { remaining, observed }: { readonly remaining: Remaining; readonly observed: ObservedCluster },
): readonly ParentContent[] {
  const current = new Map(observed.parents.map((parent) => [parent.application, parent]));
  return applications.map(({ application, objects, hooks = [] }) => {
    const own = remaining.get(applySetId(parentName(fleet, application.name))) ?? [];
    const run = hooks.map(({ prepared }) => prepared.ref);
    const refs = [...objects.map(({ ref }) => ref), ...run, ...own];
    const parent = current.get(application.name);
    const unseen = parent === undefined ? [] : unseenKindsOf(parent, observed);
    const formerNamespaces = unseen.length > 0 ? (parent?.namespaces ?? []) : [];
    return {
      fleet,
      application: application.name,
      kinds: unitedKinds(unseen, refs),
      namespaces: [...formerNamespaces, ...refs.map(({ namespace }) => namespace)],
      settings: parentSettingsOf(application),
    };
  });
}

/** Returns `content` with everything that the parent in the cluster speaks of. */
export function widened(content: ParentContent, current: Parent | undefined): ParentContent {
  if (current === undefined) return content;
  return {
    ...content,
    kinds: unitedKinds(current.kinds, content.kinds),
    namespaces: [...current.namespaces, ...content.namespaces],
  };
}

/** Returns the contents that the cluster does not say yet. */
function unsaidParents(contents: readonly ParentContent[], parents: readonly Parent[]): readonly ParentContent[] {
  const current = new Map(parents.map((parent) => [parent.application, parent]));
  return contents.filter((content) => !says(current.get(content.application), content));
}

/** Applies the parents that the cluster does not have like that; returns all that are there then. */
export async function writeParents(
  run: RunContext,
  { contents, parents }: { readonly contents: readonly ParentContent[]; readonly parents: readonly Parent[] },
  assertHeld: AssertHeld,
): Promise<readonly Parent[]> {
  const unsaid = unsaidParents(contents, parents);
  if (unsaid.length > 0) await assertHeld();
  await eachConcurrently(unsaid, run.limits.concurrency, async (content) => {
    const object = parentObject(content);
    const path = pathOf(run.served, object);
    const connection = run.connection.ownFor(content.application);
    const result = path && (await connection.apply(path, object, { fieldManager: run.fieldManager, force: true }));
    if (!result?.ok) throw refused(object, 'write the ApplySet parent', result?.refusal);
  });
  const written = new Map(unsaid.map((content) => [content.application, content]));
  return parents.map((parent) => {
    const content = written.get(parent.application);
    return content ? { ...parent, ...content, object: parentObject(content) } : parent;
  });
}

/** Deletes the parents of applications that are gone with all their objects. */
export async function deleteParents(
  run: RunContext,
  parents: readonly Parent[],
  assertHeld: AssertHeld,
): Promise<void> {
  if (parents.length > 0) await assertHeld();
  await eachConcurrently(parents, run.limits.concurrency, async ({ application, object }) => {
    const path = pathOf(run.served, object);
    const uid = object.metadata.uid;
    if (path === undefined || uid === undefined) return;
    const result = await run.connection.ownFor(application).delete(path, refOf(object), { uid });
    if (!result.ok) throw refused(object, 'delete the ApplySet parent', result.refusal);
  });
}

function says(parent: Parent | undefined, content: ParentContent): boolean {
  const found = parent?.object.metadata.annotations ?? {};
  const wanted = Object.entries(parentObject(content).metadata.annotations ?? {});
  // Whoever is declared to act for itself again has one annotation less.
  const isSameAccount = parent?.settings.serviceAccount === content.settings.serviceAccount;
  return parent !== undefined && isSameAccount && wanted.every(([key, value]) => found[key] === value);
}

function refused(object: Parent['object'], act: string, refusal: ApiRefusal | undefined): PlumblineError {
  const gone: ApiRefusal = { status: 404, reason: 'NotFound', message: 'ConfigMaps are not served', causes: [] };
  return new PlumblineError([problemOfRefusal(refOf(object), act, refusal ?? gone)]);
}
