/**
 * Whether the head of the fleet's branch may be planned. The keys that count are those of the last planned commit: a
 * commit cannot bring the key that it is signed with. Where that asks for nothing, the head's own policy counts, which
 * finds mistakes and no attackers: the first plan trusts what it finds (docs/decisions/0025).
 */
import type { FleetDeclarations } from '../../model/declarations.ts';
import type { Problem } from '../../model/problem.ts';
import type { Commit } from '../../model/revision.ts';
import type { FleetStatus } from '../../model/status.ts';
import { readJsonBlob, writeContentBlob } from '../blob-json.ts';
import type { StateStore } from '../ports.ts';
import type { PlanDeps } from './plan-deps.ts';
import { readWritten } from './read-fleet.ts';
import { policyOf, resolveVerified, type TrustPolicy, type Verified } from './trust-policy.ts';

type SignatureDeps = Pick<PlanDeps, 'sources'> & { readonly state: Pick<StateStore, 'nowMs'> };
type HeadDeps = SignatureDeps & Pick<PlanDeps, 'blobs'>;

const PLACE = 'the fleet repository';

/**
 * Returns the head of `branch`, looked at with the policy of the last planned commit.
 *
 * @param reached is told the head as soon as it is known, refused or not.
 * @throws {SignatureRefused}
 */
export async function trustedHead(
  deps: HeadDeps,
  { branch, folder }: { readonly branch: string; readonly folder: string },
  { before, reached }: { readonly before: FleetStatus; readonly reached: { head: Commit | undefined } },
): Promise<Verified> {
  const head = await deps.sources.fleet.resolve(branch);
  reached.head = head;
  const { planned, trust } = before;
  if (planned === undefined || trust === undefined) return { commit: head };
  const policy = await lastPolicy(deps, { planned, trust, folder });
  // Once planned it stays planned, whoever is trusted now; a note is told as long as it is true.
  const isPlanned = planned.revision === head.revision && policy?.mode === 'refuse';
  if (policy === undefined || isPlanned) return { commit: head };
  const verified = await verify(deps, branch, policy);
  reached.head = verified.commit;
  return verified;
}

/** Looks at `head` with its own policy, where the last planned commit had none. @throws {SignatureRefused} */
export async function trustAtFirst(
  deps: HeadDeps,
  { head, before, branch }: { readonly head: Commit; readonly before: FleetStatus; readonly branch: string },
  declarations: FleetDeclarations,
): Promise<Verified> {
  const policy = ownPolicy(declarations);
  if (policy === undefined || before.trust !== undefined || before.planned?.revision === head.revision) {
    return { commit: head };
  }
  const verified = await verify(deps, branch, policy);
  // It moved meanwhile: the next plan, which its event asks for, looks at the new head.
  return verified.commit.revision === head.revision ? verified : verify(deps, head.revision, policy);
}

/**
 * Returns what is wrong with the signature of a commit that is rendered and not planned: nobody knows here what was planned last, so its own
 * policy counts and refuses nothing. Uncommitted files are nobody's yet.
 */
export async function unsignedHead(
  deps: SignatureDeps,
  ref: string,
  declarations: FleetDeclarations,
): Promise<readonly Problem[]> {
  const policy = ownPolicy(declarations);
  if (policy === undefined || deps.sources.fleet.signable === undefined) return [];
  const { wrong } = await verify(deps, ref, { ...policy, mode: 'report' });
  return wrong === undefined ? [] : [wrong];
}

/** Stores what the next head is held to; returns its key. Undefined: nothing. */
export async function keepTrust({ blobs }: HeadDeps, declarations: FleetDeclarations): Promise<string | undefined> {
  const policy = ownPolicy(declarations);
  return policy && writeContentBlob(blobs, 'trust', policy);
}

function ownPolicy(declarations: FleetDeclarations): TrustPolicy | undefined {
  return policyOf(declarations, declarations.fleet?.declaration.spec.verify);
}

async function verify({ sources, state }: SignatureDeps, ref: string, policy: TrustPolicy): Promise<Verified> {
  return resolveVerified(sources.fleet, ref, { policy, place: PLACE, nowMs: await state.nowMs() });
}

/** A lost blob must not mean that anyone is trusted: the declarations of that commit are read again. */
async function lastPolicy(
  { blobs, sources }: HeadDeps,
  { planned, trust, folder }: { readonly planned: Commit; readonly trust: string; readonly folder: string },
): Promise<TrustPolicy | undefined> {
  const kept = await readJsonBlob<TrustPolicy>(blobs, trust);
  if (kept !== undefined) return kept;
  const written = await readWritten(sources.fleet, planned.revision, folder);
  return policyOf(written, written.fleet?.declaration.spec.verify);
}
