/**
 * What can be wrong between an application and the rest of the fleet: names that nobody declares, `${...}` that a
 * selected cluster does not have, dependencies in a circle.
 */

import { quoted, suggest } from '../../model/closest-word.ts';
import { selects } from '../../model/cluster-selector.ts';
import type { ApplicationDeclaration, ClusterDeclaration } from '../../model/declarations.ts';
import type { Problem } from '../../model/problem.ts';
import { walkDependencies } from '../../model/walk-dependencies.ts';
import { resolveApplication } from '../substitute.ts';
import { type DeclarationDocument, type FieldFault, type FieldPath, problemOf } from './declaration-document.ts';

export interface FoundApplication {
  readonly document: DeclarationDocument;
  readonly declaration: ApplicationDeclaration;
}

/** Names that stand in a declaration, broken ones too: a typo elsewhere must not make their users wrong as well. */
export interface KnownNames {
  readonly repositories: readonly string[];
  /** Undefined: any name may be one. */
  readonly clusters: readonly string[] | undefined;
  readonly applications: readonly string[];
}

/** Returns everything that is wrong between the applications, the clusters and the repositories. */
export function checkApplications(
  applications: readonly FoundApplication[],
  clusters: readonly ClusterDeclaration[],
  names: KnownNames,
): readonly Problem[] {
  const needs = new Map<string, readonly string[]>();
  const problems = applications.flatMap(({ document, declaration }) => {
    const { variants, faults } = variantsOf(declaration, clusters);
    needs.set(declaration.metadata.name, [...new Set(variants.flatMap(({ spec }) => spec.dependsOn))]);
    const all = [
      ...faults,
      ...checkSelector(declaration, names),
      ...checkNamespace(declaration),
      ...variants.flatMap((v) => checkReferences(v, names)),
    ];
    return withoutRepeats(all).map((fault) => problemOf(document, fault));
  });
  return [...problems, ...checkCycles(applications, needs)];
}

/** Returns the application as each selected cluster gets it; as it is written when none is selected. */
function variantsOf(
  declaration: ApplicationDeclaration,
  clusters: readonly ClusterDeclaration[],
): { readonly variants: readonly ApplicationDeclaration[]; readonly faults: readonly FieldFault[] } {
  const selected = clusters.filter((cluster) => selects(declaration.spec.clusters, cluster));
  if (selected.length === 0) return { variants: [declaration], faults: [] };
  const variants: ApplicationDeclaration[] = [];
  const clustersByFault = new Map<string, { readonly fault: FieldFault; readonly names: string[] }>();
  for (const cluster of selected) {
    const resolved = resolveApplication(declaration, cluster);
    if (resolved.ok) variants.push(resolved.application);
    for (const fault of resolved.ok ? [] : resolved.faults) {
      const key = JSON.stringify([fault.path, fault.wrong]);
      const known = clustersByFault.get(key) ?? { fault, names: [] };
      known.names.push(cluster.metadata.name);
      clustersByFault.set(key, known);
    }
  }
  const faults = [...clustersByFault.values()].map(({ fault, names }) => {
    const where = `${names.length === 1 ? 'cluster' : 'clusters'} ${quoted(names)}`;
    return { ...fault, wrong: `${fault.wrong} for ${where}` };
  });
  // What cannot be resolved is still looked at as it is written, so that its other faults are said too.
  return { variants: variants.length === 0 ? [declaration] : variants, faults };
}

function checkSelector({ spec }: ApplicationDeclaration, names: KnownNames): readonly FieldFault[] {
  const unknown = (spec.clusters.names ?? []).map((name, index) =>
    checkName(['spec', 'clusters', 'names', index], { kind: 'cluster', name, known: names.clusters }),
  );
  const templates = Object.entries(spec.clusters.matchLabels ?? {})
    .filter(([, value]) => value.includes('${'))
    .map(([key]) => ({
      path: ['spec', 'clusters', 'matchLabels', key],
      wrong: 'a selector cannot take values from a cluster',
      remedy: 'write the value that the label must have',
    }));
  return [...unknown.flat(), ...templates];
}

function checkNamespace({ spec }: ApplicationDeclaration): readonly FieldFault[] {
  if (!spec.createNamespace || spec.namespace !== undefined) return [];
  const remedy = 'add "namespace: ..." or remove createNamespace';
  return [{ path: ['spec', 'createNamespace'], wrong: 'there is no "namespace" to create', remedy }];
}

function checkReferences({ spec }: ApplicationDeclaration, names: KnownNames): readonly FieldFault[] {
  const { repository } = spec.source;
  const path: FieldPath = ['spec', 'source', 'repository'];
  const wrongRepository =
    repository === undefined
      ? []
      : checkName(path, { kind: 'repository', name: repository, known: names.repositories });
  const wrongDependencies = spec.dependsOn.map((name, index) =>
    checkName(['spec', 'dependsOn', index], { kind: 'application', name, known: names.applications }),
  );
  return [...wrongRepository, ...wrongDependencies.flat()];
}

function checkName(
  path: FieldPath,
  use: { readonly kind: string; readonly name: string; readonly known: readonly string[] | undefined },
): readonly FieldFault[] {
  // As written, for no cluster: what it will be is not known.
  if (use.known === undefined || use.known.includes(use.name) || use.name.includes('${')) return [];
  const wrong = `no ${use.kind} "${use.name}" is declared`;
  return [{ path, wrong, remedy: suggest(use.name, use.known, use.kind) }];
}

function checkCycles(
  applications: readonly FoundApplication[],
  needs: ReadonlyMap<string, readonly string[]>,
): readonly Problem[] {
  return walkDependencies(needs).cycles.flatMap((cycle) => {
    const found = applications.find(({ declaration }) => declaration.metadata.name === cycle[0]);
    if (found === undefined) return [];
    const index = Math.max(0, found.declaration.spec.dependsOn.indexOf(cycle[1] ?? ''));
    const wrong = `dependencies in a circle: ${cycle.join(' → ')}`;
    const path = ['spec', 'dependsOn', index];
    return [
      problemOf(found.document, { code: 'DependencyCycle', path, wrong, remedy: 'remove one of these dependencies' }),
    ];
  });
}

function withoutRepeats(faults: readonly FieldFault[]): readonly FieldFault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify([fault.path, fault.wrong]), fault])).values()];
}
