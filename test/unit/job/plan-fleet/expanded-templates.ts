/** What templates make of a fleet repository. */
import { readFleet } from '../../../../shared/job/plan-fleet/read-fleet.ts';
import type { ApplicationDeclaration, FleetDeclarations } from '../../../../shared/model/declarations.ts';
import { formatProblem } from '../../../../shared/model/problem.ts';
import type { FakeSource } from '../../../fakes/fake-source.ts';
import { CLUSTERS, FleetWorld } from './fleet-world.ts';

/** A template whose `forEach` and spec are flow YAML without braces; `forEach` stands on line 5, the name on 7, the spec on 8. */
export function template(forEach: string, name: string, spec: string): string {
  return `apiVersion: plumbline.dev/v1
kind: ApplicationTemplate
metadata: {name: all}
spec:
  forEach: {${forEach}}
  template:
    metadata: {name: "${name}"}
    spec: {${spec}}
`;
}

interface Expanded {
  readonly declarations: FleetDeclarations;
  readonly applications: readonly ApplicationDeclaration[];
  /** `name: item` */
  readonly made: readonly string[];
  readonly problems: readonly string[];
  /** What is wrong with single applications. */
  readonly broken: readonly string[];
}

export async function expand(
  files: Readonly<Record<string, string>>,
  others: Readonly<Record<string, FakeSource>> = {},
): Promise<Expanded> {
  const world = new FleetWorld();
  for (const [name, source] of Object.entries(others)) world.others.set(name, source);
  world.source.commit('main', { 'plumbline/clusters.yaml': CLUSTERS, ...files });
  const { declarations, problems } = await readFleet(world.deps, await world.source.resolve('main'), 'plumbline');
  return {
    declarations,
    applications: declarations.applications.map(({ declaration }) => declaration),
    made: declarations.applications.flatMap(({ declaration, madeBy }) =>
      madeBy === undefined ? [] : [`${declaration.metadata.name}: ${madeBy.item}`],
    ),
    problems: problems.map(formatProblem),
    broken: [...new Set((declarations.broken ?? []).flatMap((one) => one.problems))].map(formatProblem),
  };
}

/** A selector for the spec of a template. */
export const ALL = 'clusters: {all: true}';
