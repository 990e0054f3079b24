/** `plumbline rbac`: what the applications of a fleet need to be allowed, cluster by cluster. */
import type { JsonObject } from '../model/json.ts';
import { formatGroupKind, groupOf } from '../model/object-ref.ts';
import type { ServiceAccountName } from '../model/service-account.ts';
import { gatherRights } from '../plan/rights/gather-rights.ts';
import { builtInKind, type KindInRules, kindsDefinedIn } from '../plan/rights/kind-table.ts';
import { type DeclaredObjects, distinctRights, type KindLookup, neededRights } from '../plan/rights/needed-rights.ts';
import type { Right } from '../plan/rights/right.ts';
import { roleObjects, type Subject } from '../plan/rights/role-objects.ts';
import { writeYaml } from '../render/yaml.ts';
import type { RenderedCluster } from './render-fleet.ts';

export interface RightsQuery {
  readonly fleet: string;
  /** Whom Plumbline is to the clusters. */
  readonly subject: Subject;
  /** Default: all. */
  readonly application?: string;
  /** Only what this account needs, if the applications acted as it. */
  readonly account?: ServiceAccountName;
  /** Asked for kinds that neither Kubernetes brings nor a rendering defines; undefined: not known there either. */
  readonly askKinds: (cluster: RenderedCluster['cluster']) => Promise<ReadonlyMap<string, KindInRules> | undefined>;
}

export interface ClusterRights {
  /** All that need just these. */
  readonly clusters: readonly string[];
  readonly objects: readonly JsonObject[];
  /** Kinds that nobody knows the resource of: their rights are missing. */
  readonly unknown: readonly string[];
}

export async function readRights(
  clusters: readonly RenderedCluster[],
  query: RightsQuery,
): Promise<readonly ClusterRights[]> {
  const each = await Promise.all(clusters.map((cluster) => rightsIn(cluster, query)));
  const alike = Map.groupBy(each, ({ objects, unknown }) => JSON.stringify([objects, unknown]));
  return [...alike.values()].flatMap((of) => {
    const [first] = of;
    return first === undefined ? [] : [{ ...first, clusters: of.flatMap((one) => one.clusters) }];
  });
}

async function rightsIn(rendered: RenderedCluster, query: RightsQuery): Promise<ClusterRights> {
  const declared = rendered.applications
    .filter(({ application }) => query.application === undefined || application.name === query.application)
    .map(({ application, rendering }): DeclaredObjects => {
      const account = query.account ?? application.serviceAccount;
      const objects = rendering.objects.map(({ object }) => object);
      return { application: { ...application, ...(account !== undefined && { serviceAccount: account }) }, objects };
    });
  const told = (rendered.desired.gather ?? [])
    .filter(({ application }) => query.application === undefined || application === query.application)
    .map((request) => ({ ...request, ...(query.account !== undefined && { serviceAccount: query.account }) }));
  const all = [...declared.flatMap(({ objects }) => objects), ...told.flatMap(({ objects }) => objects)];
  const everywhere = rendered.applications.flatMap(({ rendering }) => rendering.objects.map(({ object }) => object));
  const defined = kindsDefinedIn(everywhere);
  const known: KindLookup = (object) => {
    const kind = { group: groupOf(object.apiVersion), kind: object.kind };
    return builtInKind(kind) ?? defined.get(formatGroupKind(kind));
  };
  const asked = all.every(known) ? undefined : await query.askKinds(rendered.cluster);
  const kindOf: KindLookup = (object) =>
    known(object) ?? asked?.get(formatGroupKind({ group: groupOf(object.apiVersion), kind: object.kind }));
  const needed = [...neededRights(declared, kindOf), ...gatherRights(told, kindOf)];
  const rights = distinctRights(needed).filter((right) => isAsked(right, query));
  const unknown = all.filter((object) => kindOf(object) === undefined);
  const names = unknown.map(({ apiVersion, kind }) => formatGroupKind({ group: groupOf(apiVersion), kind }));
  return {
    clusters: [rendered.cluster.metadata.name],
    objects: roleObjects(query.fleet, rights, query.subject),
    unknown: [...new Set(names)].sort(),
  };
}

function isAsked({ account }: Right, query: RightsQuery): boolean {
  return query.account === undefined || account === query.account;
}

/** Returns YAML that `kubectl apply -f -` takes, a comment over each group of clusters and each granting role. */
export function printRights(
  found: readonly ClusterRights[],
  { fleet, account }: Pick<RightsQuery, 'fleet' | 'account'>,
): string {
  const who = account === undefined ? `fleet ${fleet}` : `ServiceAccount ${account}`;
  return found.map((one) => `${heading(one, who)}${one.objects.map(documentOf).join('')}`).join('');
}

function heading({ clusters, unknown }: ClusterRights, who: string): string {
  const notes = unknown.map(
    (kind) => `#   not in it: ${kind}, which neither Kubernetes nor a CRD of the fleet knows\n`,
  );
  return `# What ${who} needs to be allowed in ${clusters.join(', ')}.\n${notes.join('')}`;
}

const GRANTING = `# escalate and bind: who writes a Role or a binding must hold what it grants, or these two.\n`;

function documentOf(object: JsonObject): string {
  const grants = JSON.stringify(object.rules ?? null);
  const comment = /"(escalate|bind)"/.test(grants) ? GRANTING : '';
  return `---\n${comment}${writeYaml(object)}`;
}
