import { PlumblineError } from '../../errors.ts';
import type { FleetDeclarations, RepositoryDeclaration } from '../../model/declarations.ts';
import { formatProblem, type Problem } from '../../model/problem.ts';
import type { ChartSources } from '../chart-port.ts';
import type { Source } from '../ports.ts';
import type { FleetSources } from './plan-deps.ts';
import { policyOf, resolveVerified, type TrustPolicy } from './trust-policy.ts';

export interface VerifiedSources {
  readonly sources: FleetSources;
  /** Commits without a good signature that were read so far, since the policy is only to report; each once. */
  readonly unsigned: () => readonly Problem[];
}

/**
 * Returns the sources of a fleet so that no ref of a repository with `verify` leads to a commit that nobody trusted
 * signed. Whoever opens a repository by them need not know of signatures.
 *
 * @param nowMs asked only where a signature is looked at.
 */
export function verifiedSources(
  sources: FleetSources,
  declarations: Pick<FleetDeclarations, 'fleet' | 'trustedKeys'>,
  nowMs: () => Promise<number>,
): VerifiedSources {
  const found = new Map<string, Problem>();
  const guard = (source: Source, place: string, policy: TrustPolicy | undefined): Source => {
    if (policy === undefined) return source;
    return {
      resolve: async (ref) => {
        const { commit, wrong } = await resolveVerified(source, ref, { policy, place, nowMs: await nowMs() });
        if (wrong !== undefined) found.set(formatProblem(wrong), wrong);
        return commit;
      },
      snapshot: (revision) => source.snapshot(revision),
      log: (revision, options) => source.log(revision, options),
    };
  };
  const guardCharts = (charts: ChartSources): ChartSources => ({
    ...charts,
    open: (repository) => {
      const policy = policyOf(declarations, repository.spec.verify);
      if (policy === undefined) return charts.open(repository);
      const wrong = unsignedCharts(repository);
      if (policy.mode === 'refuse') throw new PlumblineError([wrong]);
      found.set(formatProblem(wrong), wrong);
      return charts.open(repository);
    },
  });
  const ofFleet = policyOf(declarations, declarations.fleet?.declaration.spec.verify);
  return {
    sources: {
      ...sources,
      fleet: guard(sources.fleet, 'the fleet repository', ofFleet),
      open: (repository) => {
        const { metadata, spec } = repository;
        return guard(sources.open(repository), `Repository ${metadata.name}`, policyOf(declarations, spec.verify));
      },
      ...(sources.charts !== undefined && { charts: guardCharts(sources.charts) }),
    },
    unsigned: () => [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem),
  };
}

/** What `verify` asks for is the signature of a commit. */
function unsignedCharts({ metadata }: RepositoryDeclaration): Problem {
  const wrong = 'nothing is ever signed in a place of this kind';
  const remedy = 'remove spec.verify, or commit the charts to a repository of Git';
  const subject = `charts of Repository ${metadata.name}`;
  return { code: 'SignatureRefused', subject, act: 'look who signed them', wrong, remedy };
}
