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
import type { FieldFault } from '../../render/declarations/declaration-document.ts';
import { type ResolvedApplication, resolveApplication } from '../../render/substitute.ts';
import { plannedBroken } from './plan-broken.ts';
import {
  type InputDeps,
  type InputMemory,
  openInput,
  type PlannedInput,
  planInput,
  sharedInput,
} from './plan-input.ts';

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
  const { applications, clusters } = input.declarations;
  const pairs = clusters.map(({ declaration: cluster }) => {
    const broken = plannedBroken(input.declarations, cluster);
    const selected = applications.filter(
      ({ declaration: { metadata, spec } }) => selects(spec.clusters, cluster) && !broken.has(metadata.name),
    );
    return { cluster, broken, selected: selected.map((application) => resolveIn(application, cluster)) };
  });
  await Promise.all(pairs.flatMap(({ selected }) => selected.flatMap((pair) => openPair(input, memory, pair) ?? [])));
  const planning = pairs.map(async ({ cluster, broken, selected }) => {
    const planned = await Promise.all(selected.map((pair) => planPair(input, memory, pair)));
    return { cluster, applications: [...planned, ...broken.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) };
  });
  return Promise.all(planning);
}

/** An application in a cluster that it goes to. */
interface Pair {
  readonly application: Declared<ApplicationDeclaration> & { readonly madeBy?: MadeBy };
  readonly resolved: ResolvedApplication;
  readonly cluster: string;
}

function resolveIn(application: Pair['application'], cluster: ClusterDeclaration): Pair {
  const resolved = resolveApplication(application.declaration, cluster);
  return { application, resolved, cluster: cluster.metadata.name };
}

/** Undefined: nothing is to be opened, or it is being opened. */
function openPair(input: PlanInput, memory: InputMemory, { application, resolved, cluster }: Pair) {
  if (!resolved.ok || memory.has(resolved.application)) return undefined;
  return openInput(input, memory, { declaration: resolved.application, location: application.location, cluster });
}

/** Returns at once what is the same for all clusters: very large fleets have tens of thousands of pairs. */
function planPair(input: PlanInput, memory: InputMemory, pair: Pair): PlannedApplication | Promise<PlannedApplication> {
  const { resolved } = pair;
  if (!resolved.ok) return planned(pair, { state: 'wrong', problems: problemsIn(pair, resolved.faults) });
  const shared = sharedInput(memory, resolved.application);
  return shared === undefined ? planAlone(input, memory, pair) : planned(pair, shared);
}

async function planAlone(input: PlanInput, memory: InputMemory, pair: Pair): Promise<PlannedApplication> {
  const { resolved, cluster } = pair;
  const { declaration, location } = pair.application;
  try {
    const at = { declaration: resolved.ok ? resolved.application : declaration, location, cluster };
    return planned(pair, await planInput(input, memory, at));
  } catch (error) {
    if (isOwnFault(error)) throw error;
    const problems = problemsOf(error, { subject: declaration.metadata.name, act: `plan for ${cluster}` });
    return planned(pair, { state: 'wrong', problems });
  }
}

function planned({ application, resolved }: Pair, input: PlannedInput): PlannedApplication {
  const { declaration, madeBy } = application;
  const { formerName } = declaration.spec;
  return {
    ...{ name: declaration.metadata.name, declaration: resolved.ok ? resolved.application : undefined, input },
    ...(formerName !== undefined && { formerNames: [formerName].flat() }),
    ...(madeBy && { madeBy }),
  };
}

function problemsIn({ application }: Pair, faults: readonly FieldFault[]): readonly Problem[] {
  const subject = `Application ${application.declaration.metadata.name}`;
  return faults.map(({ path, wrong, remedy }) => {
    return { code: 'ConfigInvalid', subject, act: `fill in ${path.join('.')}`, wrong, remedy };
  });
}
