/**
 * Where broken applications stand among the planned ones: held back wherever they go or were, so that nothing of them
 * looks removed (docs/decisions/0024). Pure.
 */
import { selects } from '../../model/cluster-selector.ts';
import type { BrokenApplication, ClusterDeclaration, FleetDeclarations } from '../../model/declarations.ts';
import type { DesiredState } from '../../model/desired-state.ts';
import type { PlannedApplication } from './plan-applications.ts';

/** Returns the broken applications as `cluster` has to take them, by name. */
export function plannedBroken(
  { applications, broken = [] }: Pick<FleetDeclarations, 'applications' | 'broken'>,
  cluster: ClusterDeclaration,
): ReadonlyMap<string, PlannedApplication> {
  if (broken.length === 0) return new Map();
  const declared = new Set(applications.map(({ declaration }) => declaration.metadata.name));
  const planned = broken.flatMap((one) => {
    const goesHere = one.clusters === undefined || selects(one.clusters, cluster);
    // Right in other clusters: what is said there of where it goes can be relied on.
    return goesHere || !declared.has(one.name) ? [plannedOf(one, goesHere)] : [];
  });
  return new Map(planned.map((one) => [one.name, one]));
}

function plannedOf(
  { name, madeBy, formerNames, suspend, problems }: BrokenApplication,
  goesHere: boolean,
): PlannedApplication {
  return {
    ...{ name, declaration: undefined, input: { state: 'wrong', problems } },
    ...(formerNames.length > 0 && { formerNames }),
    ...(madeBy && { madeBy }),
    ...(suspend !== undefined && { suspend }),
    ...(!goesHere && { isOnlyWhereItWas: true }),
  };
}

/** Tells whether a planned application concerns the cluster; of one that says so of none, where it was. */
export function concerns(
  { name, formerNames = [], isOnlyWhereItWas = false }: PlannedApplication,
  previous: DesiredState | undefined,
): boolean {
  // What was there is lost: to take it for not there would let its objects go.
  if (!isOnlyWhereItWas || previous === undefined) return true;
  const known = [...previous.applications, ...previous.unavailable];
  return known.some((one) => one.name === name || formerNames.includes(one.name));
}
