/**
 * Checks a whole fleet repository without any cluster: declarations, every rendering for every cluster, each object
 * against the schemas of its cluster's version of Kubernetes and of the CRDs rendered for it, and the objects of a
 * cluster beside one another. Equal renderings are checked once for all clusters that know the same kinds.
 */
import type { ClusterDeclaration } from '../model/declarations.ts';
import type { Rendering } from '../model/desired-state.ts';
import type { Finding } from '../model/finding.ts';
import { refOf } from '../model/kube-object.ts';
import type { KubernetesReleases, MinorVersion } from '../model/kubernetes-release.ts';
import { formatRef } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import type { Commit } from '../model/revision.ts';
import type { ApiVersions } from '../validate/check-api.ts';
import { customKindsOf, isCrd } from '../validate/custom-kinds.ts';
import { type KnownKinds, knownKinds } from '../validate/known-kinds.ts';
import { loadRules } from '../validate/rules/load-rules.ts';
import { noteOf } from './plan-fleet/trust-policy.ts';
import { type RenderedCluster, type RenderFleetDeps, type RenderFleetTarget, renderFleet } from './render-fleet.ts';
import { checkAdmission } from './validate/check-admission.ts';
import { checkRendering } from './validate/check-rendering.ts';
import { checkTogether, type PlacedObject } from './validate/check-together.ts';
import { findingOfFault } from './validate/finding-of-fault.ts';
import { findingOfProblem, findingOfUnsigned, findingOfWarning } from './validate/findings-of-problems.ts';
import { mergeFindings } from './validate/merge-findings.ts';
import { faultPlacer, type PlaceFault } from './validate/place-faults.ts';
import { type ClusterVersion, clusterVersion } from './validate/validated-versions.ts';

export interface ValidateFleetDeps extends RenderFleetDeps {
  readonly releases: KubernetesReleases;
  /** The version that the last run of a cluster saw; undefined: there was none, or nobody asks. */
  readonly seenVersionOf: (cluster: ClusterDeclaration) => Promise<string | undefined>;
}

export interface ValidateFleetTarget extends RenderFleetTarget {
  /** The version of Kubernetes that is looked ahead to. */
  readonly next: MinorVersion | 'following' | 'none';
  /** Kinds that nobody defines are errors. */
  readonly strictKinds: boolean;
}

export interface ValidatedFleet {
  readonly commit: Commit;
  readonly clusters: number;
  readonly applications: number;
  /** Rendered for all clusters together. */
  readonly objects: number;
  /** What is wrong with declarations and renderings; they are among the findings too. */
  readonly problems: readonly Problem[];
  /** What renderers warned of, each with its application; among the findings too. */
  readonly warnings: readonly string[];
  /** Each once, errors first. */
  readonly findings: readonly Finding[];
}

/** @throws {SourceNotFound} when there is no such repository or ref. */
export async function validateFleet(deps: ValidateFleetDeps, target: ValidateFleetTarget): Promise<ValidatedFleet> {
  const rendered = await renderFleet(deps, target);
  const { commit, declarations, problems, clusters } = rendered;
  const place = faultPlacer(textReader(deps, commit));
  const check = renderingChecker(place);
  const found: Finding[] = problems.map((problem) => findingOfProblem(problem));
  found.push(...rendered.unsigned.map((problem) => findingOfUnsigned(problem)));
  for (const cluster of clusters) found.push(...(await validateCluster(deps, target, { cluster, check, place })));
  return {
    commit,
    clusters: declarations.clusters.length,
    applications: declarations.applications.length,
    objects: clusters.flatMap(objectsOf).length,
    problems: [...problems, ...clusters.flatMap(({ desired }) => desired.unavailable.flatMap((one) => one.problems))],
    warnings: [...rendered.unsigned.map(noteOf), ...new Set(clusters.flatMap(warningsOf))],
    findings: mergeFindings(found),
  };
}

/** Only the repository of the declarations is read again: files of others are named, without the line of the field. */
function textReader({ sources }: ValidateFleetDeps, commit: Commit): (path: string) => Promise<string | undefined> {
  const opening = sources.fleet.snapshot(commit.revision);
  return async (path) => {
    const snapshot = await opening;
    const files = await snapshot.list(path);
    if (!files.some((file) => file.path === path && file.type === 'file')) return undefined;
    return new TextDecoder().decode(await snapshot.read(path));
  };
}

function warningsOf({ applications }: RenderedCluster): readonly string[] {
  return applications.flatMap(({ application, rendering }) =>
    rendering.warnings.map((warning) => `${application.name}: ${warning}`),
  );
}

function objectsOf({ applications }: RenderedCluster): readonly PlacedObject[] {
  return applications.flatMap(({ application, rendering }) =>
    rendering.objects.map((rendered) => ({ application, rendered })),
  );
}

async function validateCluster(
  deps: ValidateFleetDeps,
  { next, strictKinds }: ValidateFleetTarget,
  {
    cluster,
    check,
    place,
  }: { readonly cluster: RenderedCluster; readonly check: CheckOnce; readonly place: PlaceFault },
): Promise<readonly Finding[]> {
  const { releases, seenVersionOf } = deps;
  const { name } = cluster.cluster.metadata;
  const version = clusterVersion(cluster.cluster, await seenVersionOf(cluster.cluster), { releases, next });
  const objects = objectsOf(cluster);
  const kinds = knownKinds(
    releases.release(version.release),
    objects.flatMap(({ rendered: { object } }) => (isCrd(object) ? customKindsOf(object) : [])),
  );
  const found: Finding[] = version.finding === undefined ? [] : [version.finding];
  for (const { name: application, problems } of cluster.desired.unavailable) {
    found.push(...problems.map((problem) => findingOfProblem(problem, { cluster: name, application })));
  }
  const versions: ApiVersions = { ...version, lifecycles: releases.lifecycles, strictKinds };
  const key = keyOf(version, objects);
  for (const one of cluster.applications) {
    const { application } = one;
    const at = { cluster: name, application: application.name };
    found.push(...one.rendering.warnings.map((warning) => findingOfWarning(warning, at)));
    const findings = await check({ ...one, key, kinds, versions });
    found.push(...findings.map((finding) => ({ ...finding, clusters: [name], applications: [application.name] })));
  }
  const applications = cluster.applications.map(({ application }) => application);
  found.push(...(await checkAdmission(objects, { cluster: name, kinds, place })));
  return [...found, ...checkTogether({ cluster: name, applications, objects }, kinds)];
}

/** Clusters with the same key know the same kinds. */
function keyOf({ version, next }: ClusterVersion, objects: readonly PlacedObject[]): string {
  const definedBy = objects
    .filter(({ rendered }) => isCrd(rendered.object))
    .map(({ application }) => application.inputDigest);
  return [version, next, ...new Set(definedBy)].join(' ');
}

type CheckOnce = (
  at: RenderedCluster['applications'][number] & {
    readonly key: string;
    readonly kinds: KnownKinds;
    readonly versions: ApiVersions;
  },
) => Promise<readonly Finding[]>;

function renderingChecker(place: PlaceFault): CheckOnce {
  const known = new Map<string, Promise<readonly Finding[]>>();
  return async ({ application, rendering, key, kinds, versions }) => {
    const checkKey = `${application.inputDigest} ${key}`;
    const checking = known.get(checkKey) ?? checkPlaced(rendering, { kinds, versions, place });
    known.set(checkKey, checking);
    return checking;
  };
}

async function checkPlaced(
  rendering: Pick<Rendering, 'objects'>,
  {
    kinds,
    versions,
    place,
  }: { readonly kinds: KnownKinds; readonly versions: ApiVersions; readonly place: PlaceFault },
): Promise<readonly Finding[]> {
  // The library for rules is loaded where there is a rule.
  const checkRules = kinds.hasRules ? await loadRules() : undefined;
  const faulty = checkRendering(rendering, kinds, { versions, ...(checkRules && { checkRules }) });
  const found = faulty.flatMap(({ rendered, faults }) =>
    faults.map((fault) => findingOfFault(rendered, fault, { place, subject: formatRef(refOf(rendered.object)) })),
  );
  return Promise.all(found);
}
