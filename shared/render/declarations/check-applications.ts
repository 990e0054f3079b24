/**
 * What can be wrong between an application and the rest of the fleet: names that nobody declares, `${...}` that a
 * selected cluster does not have, dependencies in a circle.
 */

import { quoted, suggest } from '../../model/closest-word.ts';
import { selects } from '../../model/cluster-selector.ts';
import type { ApplicationDeclaration, ClusterDeclaration } from '../../model/declarations.ts';
import { cyclesAcross, formatPlace, type Place, placeOf, withinCluster } from '../../model/dependency.ts';
import { placeOfSource, sourcesOf } from '../../model/source-spec.ts';
import { walkDependencies } from '../../model/walk-dependencies.ts';
import { resolveApplication } from '../substitute.ts';
import type { FieldFault, FieldPath } from './declaration-document.ts';
import type { ApplicationFault, FoundApplication } from './named-application.ts';

/** Names that stand in a declaration, broken ones too: a typo elsewhere must not make their users wrong as well. */
export interface KnownNames {
  readonly repositories: readonly string[];
  /** Undefined: any name may be one. */
  readonly clusters: readonly string[] | undefined;
  /** Undefined: any name may be one. */
  readonly applications: readonly string[] | undefined;
}

/** Returns everything that is wrong between the applications, the clusters and the repositories. */
export function checkApplications(
  applications: readonly FoundApplication[],
  clusters: readonly ClusterDeclaration[],
  names: KnownNames,
): readonly ApplicationFault[] {
  const fleet = { names, applications: applications.map(({ declaration }) => declaration), clusters };
  const variantsByName = new Map<string, readonly Variant[]>();
  const faults = applications.flatMap((application): readonly ApplicationFault[] => {
    const { declaration } = application;
    const { variants, faults: unresolved } = variantsOf(declaration, clusters);
    variantsByName.set(declaration.metadata.name, variants);
    const ofVariants = variants.flatMap((variant) =>
      [...checkRepository(variant, names), ...checkDependencies(variant, fleet)].map((fault) => ({
        fault,
        cluster: variant.cluster,
      })),
    );
    const all = [...checkSelector(declaration, names), ...checkNamespace(declaration)];
    const size = clusters.filter((cluster) => selects(declaration.spec.clusters, cluster)).length;
    return [
      ...byClusters(unresolved, { size, namesAll: true }),
      ...all.map((fault) => ({ fault })),
      ...byClusters(ofVariants, { size: variants.length, namesAll: false }),
    ].map((found) => ({ application, ...found }));
  });
  return [...faults, ...checkCycles(applications, variantsByName)];
}

interface FaultInCluster {
  readonly fault: FieldFault;
  readonly cluster: string;
}

/** Returns each fault once, with its clusters where it is not that of all; `namesAll`: people are told even then. */
function byClusters(
  faults: readonly FaultInCluster[],
  { size, namesAll }: { readonly size: number; readonly namesAll: boolean },
): readonly Pick<ApplicationFault, 'fault' | 'clusters'>[] {
  const keyOf = ({ fault }: FaultInCluster) => JSON.stringify([fault.path, fault.wrong]);
  return [...Map.groupBy(faults, keyOf).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const clusters = [...new Set(same.map(({ cluster }) => cluster))];
    const isOfAll = clusters.length === size;
    if (isOfAll && !namesAll) return [{ fault: first.fault }];
    const where = `${clusters.length === 1 ? 'cluster' : 'clusters'} ${quoted(clusters)}`;
    const fault = { ...first.fault, wrong: `${first.fault.wrong} for ${where}` };
    return [{ fault, ...(!isOfAll && { clusters }) }];
  });
}

/** An application as one cluster gets it. */
interface Variant {
  readonly declaration: ApplicationDeclaration;
  /** '' for one as it is written. */
  readonly cluster: string;
}

interface Fleet {
  readonly names: KnownNames;
  readonly applications: readonly ApplicationDeclaration[];
  readonly clusters: readonly ClusterDeclaration[];
}

/** Returns the application as each selected cluster gets it; as it is written when none is selected. */
function variantsOf(
  declaration: ApplicationDeclaration,
  clusters: readonly ClusterDeclaration[],
): { readonly variants: readonly Variant[]; readonly faults: readonly FaultInCluster[] } {
  const asWritten = [{ declaration, cluster: '' }];
  const selected = clusters.filter((cluster) => selects(declaration.spec.clusters, cluster));
  if (selected.length === 0) return { variants: asWritten, faults: [] };
  const variants: Variant[] = [];
  const faults: FaultInCluster[] = [];
  for (const cluster of selected) {
    const { name } = cluster.metadata;
    const resolved = resolveApplication(declaration, cluster);
    if (resolved.ok) variants.push({ declaration: resolved.application, cluster: name });
    else faults.push(...resolved.faults.map((fault) => ({ fault, cluster: name })));
  }
  // What cannot be resolved is still looked at as it is written, so that its other faults are said too.
  return { variants: variants.length === 0 ? asWritten : variants, faults };
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

function checkRepository({ declaration }: Variant, names: KnownNames): readonly FieldFault[] {
  return sourcesOf(declaration.spec).flatMap(({ repository }, index) => {
    if (repository === undefined) return [];
    const path: FieldPath = [...placeOfSource(declaration.spec, index), 'repository'];
    return checkName(path, { kind: 'repository', name: repository, known: names.repositories });
  });
}

function checkDependencies({ declaration, cluster: own }: Variant, fleet: Fleet): readonly FieldFault[] {
  const { names } = fleet;
  return declaration.spec.dependsOn.flatMap((dependency, index) => {
    const path: FieldPath = ['spec', 'dependsOn', index];
    // As written, for no cluster: what it will be is not known.
    if (dependency.includes('${')) return [];
    const { cluster, application } = placeOf(dependency, own);
    const wrongNames = [
      ...(cluster === own ? [] : checkName(path, { kind: 'cluster', name: cluster, known: names.clusters })),
      ...checkName(path, { kind: 'application', name: application, known: names.applications }),
    ];
    if (wrongNames.length > 0 || cluster === own) return wrongNames;
    return goesTo({ cluster, application }, fleet) ? [] : [notThere(path, { cluster, application })];
  });
}

/** True also where that is not known: of a declaration that is broken itself, a cluster that a set may find. */
function goesTo({ cluster, application }: Place, { applications, clusters }: Fleet): boolean {
  const upstream = applications.find(({ metadata }) => metadata.name === application);
  const declared = clusters.find(({ metadata }) => metadata.name === cluster);
  return upstream === undefined || declared === undefined || selects(upstream.spec.clusters, declared);
}

function notThere(path: FieldPath, { cluster, application }: Place): FieldFault {
  const wrong = `application "${application}" does not go to cluster "${cluster}"`;
  return { path, wrong, remedy: `let the "clusters" of ${application} select it, or name another cluster` };
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
  variantsByName: ReadonlyMap<string, readonly Variant[]>,
): readonly ApplicationFault[] {
  const needs = new Map<string, readonly string[]>();
  const needsAcross = new Map<string, readonly string[]>();
  for (const [application, variants] of variantsByName) {
    // Most need nothing, in whatever cluster.
    const waiting = variants.filter(({ declaration }) => declaration.spec.dependsOn.length > 0);
    const within = waiting.map(({ declaration, cluster }) => needsOf(declaration, { cluster, application }));
    const names = [...new Set(within.flat())].filter((name) => !name.includes('/'));
    if (waiting.length > 0) needs.set(application, names);
    for (const [index, { cluster }] of waiting.entries()) {
      const places = (within[index] ?? []).map((dependency) => formatPlace(placeOf(dependency, cluster)));
      needsAcross.set(formatPlace({ cluster, application }), places);
    }
  }
  const cycles = [...walkDependencies(needs).cycles, ...cyclesAcross(needsAcross)];
  return cycles.flatMap((cycle) => cycleFault(cycle, applications, variantsByName));
}

function needsOf({ spec }: ApplicationDeclaration, place: Place): readonly string[] {
  return withinCluster(spec.dependsOn, place);
}

/** All on the circle are as wrong as the first: nobody can say which of them is to wait. */
function cycleFault(
  cycle: readonly string[],
  applications: readonly FoundApplication[],
  variantsByName: ReadonlyMap<string, readonly Variant[]>,
): readonly ApplicationFault[] {
  const [first = '', second = ''] = cycle;
  const { cluster, application } = placeOf(first, '');
  const found = applications.find(({ name }) => name === application);
  if (found === undefined) return [];
  const variants = variantsByName.get(application) ?? [];
  const leads = (dependency: string, own: string) =>
    dependency === second ||
    formatPlace(placeOf(dependency, own)) === (first.includes('/') ? second : `${own}/${second}`);
  const indexes = variants
    .filter((variant) => cluster === '' || variant.cluster === cluster)
    .map((variant) => variant.declaration.spec.dependsOn.findIndex((one) => leads(one, variant.cluster)));
  const path = ['spec', 'dependsOn', Math.max(0, ...indexes)];
  const wrong = `dependencies in a circle: ${cycle.join(' → ')}`;
  const others = [...new Set(cycle.map((place) => placeOf(place, '').application))].filter(
    (one) => one !== application,
  );
  const fault: FieldFault = { code: 'DependencyCycle', path, wrong, remedy: 'remove one of these dependencies' };
  return [{ application: found, fault, others }];
}
