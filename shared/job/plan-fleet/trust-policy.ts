/** Which signatures a repository's commits must have, and what is said of those that have none of them. */
import { PlumblineError } from '../../errors.ts';
import type { FleetDeclarations } from '../../model/declarations.ts';
import { formatProblem, type Problem } from '../../model/problem.ts';
import { type Commit, shortRevision } from '../../model/revision.ts';
import type { Verification } from '../../model/verification.ts';
import { judgeCommit } from '../../signatures/judge-commit.ts';
import type { TrustedKey } from '../../signatures/trusted-key.ts';
import type { Source } from '../ports.ts';

export interface TrustPolicy {
  readonly mode: Verification['mode'];
  readonly keys: readonly TrustedKey[];
}

export type Verified =
  /** `wrong`: what a policy that only reports finds. */
  { readonly commit: Commit; readonly wrong?: Problem };

/** Returns what `verify` means with the keys of the same commit; undefined: nothing is asked. */
export function policyOf(
  { trustedKeys = [] }: Pick<FleetDeclarations, 'trustedKeys'>,
  verify: Verification | undefined,
): TrustPolicy | undefined {
  if (verify === undefined) return undefined;
  const keys = trustedKeys.map(({ declaration: { metadata, spec } }) => ({ name: metadata.name, ...spec }));
  return { mode: verify.mode, keys: keys.filter(({ name }) => verify.keys?.includes(name) ?? true) };
}

/**
 * Resolves `ref` of a source and looks who signed what it leads to.
 *
 * @param place as errors name it: `Repository shop`.
 * @throws {SignatureRefused} when nobody trusted signed it and the policy is to refuse.
 * @throws {PlumblineError} what `resolve` throws.
 */
export async function resolveVerified(
  source: Source,
  ref: string,
  { policy, place, nowMs }: { readonly policy: TrustPolicy; readonly place: string; readonly nowMs: number },
): Promise<Verified> {
  const signable = await source.signable?.(ref);
  const commit = signable?.commit ?? (await source.resolve(ref));
  const judgement =
    signable === undefined
      ? ({ state: 'bad', why: 'nothing is ever signed in a place of this kind' } as const)
      : await judgeCommit(signable, { keys: policy.keys, nowMs });
  if (judgement.state === 'good') return { commit };
  const wrong = unsigned(commit, { place, why: judgement.why, policy });
  if (policy.mode === 'refuse') throw new PlumblineError([wrong]);
  return { commit, wrong };
}

/** Returns what people are told of a commit that is read although nobody trusted signed it. */
export function noteOf(problem: Problem): string {
  return formatProblem({ ...problem, remedy: '' });
}

function unsigned(
  { revision, author }: Commit,
  { place, why, policy }: { readonly place: string; readonly why: string; readonly policy: TrustPolicy },
): Problem {
  const names = policy.keys.map(({ name }) => name);
  const trusted = names.length === 0 ? 'declare a TrustedKey' : `sign it by one of the keys ${names.join(', ')}`;
  return {
    code: 'SignatureRefused',
    subject: `commit ${shortRevision(revision)} by ${author} of ${place}`,
    act: 'look who signed it',
    wrong: why,
    remedy: `${trusted}, or declare the key that signed it as a TrustedKey`,
  };
}
