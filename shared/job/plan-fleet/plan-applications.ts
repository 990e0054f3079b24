/**
 * Which applications go to which cluster, and the input of each one's rendering: declarations and files in, digests out.
 * No cluster is asked and nothing is rendered here.
 */
import { isOwnFault, problemsOf } from '../../errors.ts';
import { selects } from '../../model/cluster-selector.ts';
import type {
  ApplicationDeclaration,
  ClusterDeclaration,
  Declared,
  FleetDeclarations,
  MadeBy,
} from '../../model/declarations.ts';
import type { Problem } from '../../model/problem.ts';
import { resolveApplication } from '../../render/substitute.ts';
import { plannedBroken } from './plan-broken.ts';
import { type InputDeps, type InputMemory, type PlannedInput, planInput } from './plan-input.ts';

/** One application as it is meant for one cluster. */
export interface PlannedApplication {
  readonly name: string;
  /** `${...}` filled in; undefined when that failed. */
  readonly declaration: ApplicationDeclaration | undefined;
  readonly input: PlannedInput;
  /** What it was called before; absent: nothing else. */
  readonly formerNames?: readonly string[];
  /** The template that made it; absent: it is written as it is. */
  readonly madeBy?: MadeBy;
  /** `spec.suspend` where there is no `declaration`, as far as it can be read. */
  readonly suspend?: boolean;
  /** Its declaration is broken and would not bring it here: it stays where it was (plan-broken.ts). */
  readonly isOnlyWhereItWas?: boolean;
}

export interface PlannedCluster {
  readonly cluster: ClusterDeclaration;
  /** Sorted by name. */
  readonly applications: readonly PlannedApplication[];
}

export interface PlanInput extends InputDeps {
  readonly declarations: FleetDeclarations;
}

/** Returns every cluster with the applications selected for it. What is wrong with one application is its own. */
export async function planApplications(input: PlanInput): Promise<readonly PlannedCluster[]> {
  const memory: InputMemory = new Map();
  const clusters = input.declarations.clusters.map(async ({ declaration: cluster }) => {
    const broken = plannedBroken(input.declarations, cluster);
    const selected = input.declarations.applications.filter(
      ({ declaration: { metadata, spec } }) => selects(spec.clusters, cluster) && !broken.has(metadata.name),
    );
    const planning = selected.map(async (application) => {
      const { declaration, madeBy } = application;
      const { formerName } = declaration.spec;
      const planned = await planApplication(input, memory, { application, cluster });
      return {
        ...planned,
        ...(formerName !== undefined && { formerNames: [formerName].flat() }),
        ...(madeBy && { madeBy }),
      };
    });
    const applications = [...(await Promise.all(planning)), ...broken.values()];
    return { cluster, applications: applications.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  });
  return Promise.all(clusters);
}

async function planApplication(
  input: PlanInput,
  memory: InputMemory,
  at: { readonly application: Declared<ApplicationDeclaration>; readonly cluster: ClusterDeclaration },
): Promise<PlannedApplication> {
  const { location } = at.application;
  const { name } = at.application.declaration.metadata;
  const resolved = resolveApplication(at.application.declaration, at.cluster);
  if (!resolved.ok) {
    const problems = resolved.faults.map(({ path, wrong, remedy }): Problem => {
      return { code: 'ConfigInvalid', subject: `Application ${name}`, act: `fill in ${path.join('.')}`, wrong, remedy };
    });
    return { name, declaration: undefined, input: { state: 'wrong', problems } };
  }
  const declaration = resolved.application;
  const cluster = at.cluster.metadata.name;
  try {
    return { name, declaration, input: await planInput(input, memory, { declaration, location, cluster }) };
  } catch (error) {
    if (isOwnFault(error)) throw error;
    const problems = problemsOf(error, { subject: name, act: `plan for ${cluster}` });
    return { name, declaration, input: { state: 'wrong', problems } };
  }
}
