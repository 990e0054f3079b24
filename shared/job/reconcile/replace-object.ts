/**
 * Deletes an object and makes it anew, where Git asks for that and a field cannot be changed otherwise. Cut off anywhere,
 * the next run goes on: what is being deleted is waited for, what is gone is created like anything that is missing.
 */
import type { KubeObject } from '../../model/kube-object.ts';
import type { Problem } from '../../model/problem.ts';
import type { PreparedObject } from '../../plan/prepare.ts';
import { problemOfRefusal } from '../../plan/refusal.ts';
import { propagationOfReplacement, refuseReplacement } from '../../plan/replacement.ts';
import type { ApiRefusal, ObjectRequests, ResourcePath } from '../ports.ts';

export interface Replacing {
  readonly connection: ObjectRequests;
  readonly path: ResourcePath;
  readonly prepared: PreparedObject;
  readonly desired: KubeObject;
  readonly fieldManager: string;
}

/** `gone`: the new one can be made. `going`: it is being deleted, and looked at again by the next run. */
export type Removal =
  | { readonly is: 'gone' }
  | { readonly is: 'going'; readonly live: KubeObject }
  | { readonly is: 'refused'; readonly problem: Problem };

/** Deletes the old object, and nothing that stands in its place by then. */
export async function removeForReplacement(replacing: Replacing): Promise<Removal> {
  const { connection, path, prepared, fieldManager } = replacing;
  const { ref, policy } = prepared;
  const found = await connection.get(path, ref);
  if (!found.ok) {
    return found.refusal.status === 404
      ? { is: 'gone' }
      : { is: 'refused', problem: problemOfRefusal(ref, 'replace', found.refusal) };
  }
  const problem = refuseReplacement(ref, found.value, fieldManager) ?? (await whyItWouldNotComeBack(replacing));
  if (problem) return { is: 'refused', problem };
  const uid = found.value.metadata.uid ?? '';
  const propagation = policy.propagation ?? propagationOfReplacement(ref);
  const deleted = await connection.delete(path, ref, { uid, propagation });
  if (!deleted.ok) return { is: 'refused', problem: problemOfRefusal(ref, 'replace', deleted.refusal) };
  const left = await connection.get(path, ref);
  return left.ok && left.value.metadata.uid === uid ? { is: 'going', live: left.value } : { is: 'gone' };
}

/** Asks whether the new object would be taken, under another name, before the old one is given up for it. */
async function whyItWouldNotComeBack(replacing: Replacing): Promise<Problem | undefined> {
  const { connection, path, desired, fieldManager, prepared } = replacing;
  const name = `${desired.metadata.name.slice(0, 40).replace(/[^a-z0-9]+$/, '')}-in-its-place`;
  const probe = { ...desired, metadata: { ...desired.metadata, name } };
  const answer = await connection.apply(path, probe, { fieldManager, force: false, dryRun: true });
  if (answer.ok || isForOldOne(answer.refusal)) return undefined;
  const problem = problemOfRefusal(prepared.ref, 'replace', answer.refusal);
  return problem.code === 'ConfigInvalid' || problem.code === 'AdmissionDenied' ? problem : undefined;
}

/** What the old object still holds, an address or a port, is free once it is gone. */
function isForOldOne({ causes }: ApiRefusal): boolean {
  return causes.length > 0 && causes.every(({ message }) => /already allocated/.test(message));
}
