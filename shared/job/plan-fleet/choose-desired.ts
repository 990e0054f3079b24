/**
 * What a cluster should look like now, application by application: the planned state where it is rendered, the last
 * good one where it is not (yet), nothing where there never was one. Pure.
 */
import type { ApplicationDeclaration, ClusterDeclaration, MadeBy } from '../../model/declarations.ts';
import { withinCluster } from '../../model/dependency.ts';
import type { DesiredApplication, DesiredState } from '../../model/desired-state.ts';
import type { Problem } from '../../model/problem.ts';
import { isSameJson } from '../../model/same-json.ts';
import { serviceAccountName } from '../../model/service-account.ts';

/** An application as planned, with what came of its rendering. */
export interface Candidate {
  readonly name: string;
  /** `${...}` filled in; undefined when that failed. */
  readonly declaration: ApplicationDeclaration | undefined;
  readonly outcome: CandidateOutcome;
  /** What it was called before; absent: nothing else. */
  readonly formerNames?: readonly string[];
  readonly madeBy?: MadeBy;
  /** `spec.suspend` where there is no `declaration`; absent: not known. */
  readonly suspend?: boolean;
}

export type CandidateOutcome =
  | ({ readonly state: 'rendered' } & Pick<DesiredApplication, 'inputDigest' | 'renderings' | 'commit' | 'sources'>)
  | { readonly state: 'rendering' }
  | { readonly state: 'failed'; readonly problems: readonly Problem[] };

/** Returns the desired state of a cluster; `previous` is the one it has now. */
export function chooseDesired(
  fleet: string,
  planned: { readonly cluster: ClusterDeclaration; readonly candidates: readonly Candidate[] },
  previous: DesiredState | undefined,
): DesiredState {
  const lastByName = new Map(previous?.applications.map((application) => [application.name, application]));
  const applications: DesiredApplication[] = [];
  const unavailable: DesiredState['unavailable'][number][] = [];
  for (const candidate of planned.candidates) {
    const { name, formerNames = [] } = candidate;
    // Until it is rendered under its new name, the old one goes on.
    const last = [name, ...formerNames].flatMap((known) => lastByName.get(known) ?? [])[0];
    const chosen = chooseApplication(candidate, planned.cluster, last);
    if (chosen !== undefined) applications.push(chosen);
    else unavailable.push({ name, problems: problemsOf(candidate), ...(formerNames.length > 0 && { formerNames }) });
  }
  return { fleet, cluster: planned.cluster, applications, unavailable };
}

/**
 * Tells whether `next` differs from `previous` in nothing but renderings under way: then the cluster is left as it is,
 * for a moment, instead of being woken to be told to wait.
 */
export function onlyAwaitsRenderings(next: DesiredState, previous: DesiredState | undefined): boolean {
  if (!next.applications.some(isAwaiting) && !next.unavailable.some(({ problems }) => problems.length === 0))
    return false;
  const before = previous ?? { ...next, applications: [], unavailable: [] };
  return isSameJson(withoutAwaiting(next), withoutAwaiting(before));
}

function isAwaiting({ heldBack }: DesiredApplication): boolean {
  return heldBack?.reason === 'rendering';
}

function withoutAwaiting(state: DesiredState): DesiredState {
  const applications = state.applications.map((application) => {
    const { heldBack, ...rest } = application;
    return heldBack?.reason === 'failed' ? application : rest;
  });
  return { ...state, applications, unavailable: state.unavailable.filter(({ problems }) => problems.length > 0) };
}

function chooseApplication(
  { name, declaration, outcome, madeBy, suspend: said }: Candidate,
  cluster: ClusterDeclaration,
  last: DesiredApplication | undefined,
): DesiredApplication | undefined {
  if (outcome.state === 'rendered' && declaration !== undefined) {
    const { state: _state, ...rendered } = outcome;
    const place = { cluster: cluster.metadata.name, application: name };
    const dependsOn = withinCluster(declaration.spec.dependsOn, place);
    const settings = { ...settingsOf(declaration), ...(madeBy && { madeBy }), dependsOn };
    const next: DesiredApplication = { name, ...rendered, ...settings };
    // The commit that brought this in, not the newest one: a commit that touches nothing here changes nothing here.
    return last !== undefined && isSame(next, last) ? { ...next, ...commitsOf(last) } : next;
  }
  if (last === undefined) return undefined;
  // Suspending must work at once, also for an application that is broken.
  const suspend = declaration?.spec.suspend ?? said ?? last.suspend;
  const { heldBack: _heldBack, ...kept } = last;
  if (outcome.state === 'failed')
    return { ...kept, suspend, heldBack: { reason: 'failed', problems: outcome.problems } };
  return { ...kept, suspend, heldBack: { reason: 'rendering' } };
}

/** But for the commits, and for what is said of it beside its settings. */
function isSame(next: DesiredApplication, last: DesiredApplication): boolean {
  const { heldBack: _heldBack, upstream: _upstream, dependants: _dependants, ...before } = last;
  return isSameJson(withoutCommits(next), withoutCommits(before));
}

function withoutCommits({ commit: _commit, sources, ...rest }: DesiredApplication): unknown {
  return { ...rest, sources: sources?.map(({ source }) => source) };
}

function commitsOf({ commit, sources }: DesiredApplication): Pick<DesiredApplication, 'commit' | 'sources'> {
  return { commit, ...(sources && { sources }) };
}

function settingsOf({
  spec,
}: ApplicationDeclaration): Omit<
  DesiredApplication,
  'name' | 'commit' | 'sources' | 'inputDigest' | 'renderings' | 'heldBack' | 'dependsOn' | 'madeBy'
> {
  const { namespace, createNamespace, sync, ignore, healthChecks, suspend, serviceAccount, deletion, formerName } =
    spec;
  return {
    ...(namespace !== undefined && { namespace }),
    ...(createNamespace && namespace !== undefined && { createNamespace: namespace }),
    sync,
    ignore,
    ...(healthChecks !== undefined && { healthChecks }),
    suspend,
    ...(deletion !== undefined && { deletion }),
    ...(formerName !== undefined && { formerNames: [formerName].flat() }),
    ...(serviceAccount !== undefined && { serviceAccount: serviceAccountName(serviceAccount, namespace ?? 'default') }),
  };
}

function problemsOf({ outcome }: Candidate): readonly Problem[] {
  return outcome.state === 'failed' ? outcome.problems : [];
}
