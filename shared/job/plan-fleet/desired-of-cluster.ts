import type { DesiredState, Rendering } from '../../model/desired-state.ts';
import { readRenderings } from '../read-renderings.ts';
import { type Candidate, chooseDesired } from './choose-desired.ts';
import { type DeclaredObjects, findDuplicates } from './duplicate-objects.ts';
import type { PlannedApplication, PlannedCluster } from './plan-applications.ts';
import { concerns } from './plan-broken.ts';
import type { PlannedInput } from './plan-input.ts';
import type { RenderState } from './rendering-blobs.ts';

export interface DesiredContext {
  readonly fleet: string;
  /** By blob key; undefined: it is gone. */
  readonly readRendering: (key: string) => Promise<Rendering | undefined>;
  /** By input digest, of every known input of the plan. */
  readonly renderStates: ReadonlyMap<string, RenderState>;
}

/** Returns the desired state of one cluster, without the applications that declare each other's objects. */
export async function desiredOfCluster(
  context: DesiredContext,
  planned: PlannedCluster,
  previous: DesiredState | undefined,
): Promise<DesiredState> {
  const candidates = planned.applications
    .filter((application) => concerns(application, previous))
    .map((application) => candidateOf(application, context.renderStates));
  const chosen = chooseDesired(context.fleet, { cluster: planned.cluster, candidates }, previous);
  // What was brought in before was found free of duplicates then; reading its renderings again would cost each plan.
  if (previous !== undefined && bringsNothing(chosen, previous)) return chosen;
  const duplicates = findDuplicates(await readObjects(context, chosen));
  if (duplicates.size === 0) return chosen;
  const withoutDuplicates = candidates.map((candidate): Candidate => {
    const problems = duplicates.get(candidate.name);
    return problems === undefined ? candidate : { ...candidate, outcome: { state: 'failed', problems } };
  });
  return chooseDesired(context.fleet, { cluster: planned.cluster, candidates: withoutDuplicates }, previous);
}

function candidateOf(
  { name, declaration, formerNames, madeBy, suspend, input }: PlannedApplication,
  renderStates: DesiredContext['renderStates'],
): Candidate {
  return {
    ...{ name, declaration, outcome: outcomeOf(input, renderStates) },
    ...(formerNames && { formerNames }),
    ...(madeBy && { madeBy }),
    ...(suspend !== undefined && { suspend }),
  };
}

function outcomeOf(input: PlannedInput, renderStates: DesiredContext['renderStates']): Candidate['outcome'] {
  if (input.state === 'wrong') return { state: 'failed', problems: input.problems };
  if (input.state === 'needs-facts') return { state: 'rendering' };
  const { inputDigest, commit, sources, parts } = input;
  const states = parts.map((part) => renderStates.get(part.inputDigest) ?? { state: 'missing' as const });
  const problems = states.flatMap((state) => (state.state === 'failed' ? state.problems : []));
  if (problems.length > 0) return { state: 'failed', problems };
  const renderings = states.flatMap((state) => (state.state === 'rendered' ? [state.rendering] : []));
  if (renderings.length < parts.length) return { state: 'rendering' };
  return { state: 'rendered', inputDigest, commit, ...(sources && { sources }), renderings };
}

/** Tells whether everything that is not held back is there already, and was not held back. */
function bringsNothing({ applications }: DesiredState, previous: DesiredState): boolean {
  const before = new Map(previous.applications.map((application) => [application.name, application]));
  return applications.every(({ name, renderings, namespace, heldBack }) => {
    const last = before.get(name);
    if (heldBack !== undefined) return true;
    const isSame = last?.renderings.join() === renderings.join() && last?.namespace === namespace;
    return isSame && last?.heldBack === undefined;
  });
}

/** An application that is held back is left out: its new state may well let go of what another now declares. */
async function readObjects(
  { readRendering }: DesiredContext,
  { applications }: DesiredState,
): Promise<readonly DeclaredObjects[]> {
  const current = applications.filter(({ heldBack }) => heldBack === undefined);
  return Promise.all(
    current.map(async (application) => {
      const { name, namespace } = application;
      const rendered = await readRenderings(readRendering, application);
      return { application: name, namespace, objects: rendered?.objects ?? [] };
    }),
  );
}
