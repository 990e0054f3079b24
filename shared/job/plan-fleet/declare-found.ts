/**
 * Clusters that sets found, as declarations. Their names stand in selectors and reports for years, so they come from the
 * set as it is written and from the cluster alone, never from what else was found.
 */
import { createHash } from 'node:crypto';
import {
  API_VERSION,
  type ClusterDeclaration,
  type ClusterSetDeclaration,
  clusterSchema,
  type Declared,
} from '../../model/declarations.ts';
import type { FoundCluster } from '../../model/found-cluster.ts';
import type { Problem } from '../../model/problem.ts';

/** A set with everything that it found. */
export interface FilledSet {
  readonly set: Declared<ClusterSetDeclaration>;
  readonly found: readonly FoundCluster[];
}

export interface DeclaredFound {
  readonly clusters: readonly Declared<ClusterDeclaration>[];
  readonly notes: readonly string[];
}

const LONGEST_NAME = 63;
const HASH_CHARACTERS = 8;
/** Syntax of Kubernetes labels: "Labels and Selectors", kubernetes.io. */
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/;
/** Set by AWS, not by people: `aws:cloudformation:stack-name`. */
const AWS_TAG = /^aws:/;

/** Returns the clusters of a set as declarations, in the order found, and what of their tags could not become a label. */
export function declareFound({ set, found }: FilledSet): DeclaredFound {
  const leftOut = new Map<string, number>();
  const clusters = found.map((cluster) => {
    const tags = Object.entries(cluster.tags).filter(([key]) => !AWS_TAG.test(key));
    const legal = tags.filter(([key, value]) => LABEL_KEY.test(key) && LABEL_VALUE.test(value));
    for (const [key] of tags.filter((tag) => !legal.includes(tag))) leftOut.set(key, (leftOut.get(key) ?? 0) + 1);
    const { region, account, version } = cluster;
    const labels = { ...Object.fromEntries(legal), region, account, version };
    return { declaration: declarationOf(set.declaration, cluster, labels), location: set.location };
  });
  const notes = [...leftOut].map(([key, times]) => {
    const where = times === 1 ? 'one cluster' : `${times} clusters`;
    return `ClusterSet ${set.declaration.metadata.name}: tag "${key}" of ${where} is no legal label, and is left out`;
  });
  return { clusters, notes };
}

function declarationOf(
  { spec }: ClusterSetDeclaration,
  cluster: FoundCluster,
  labels: Readonly<Record<string, string>>,
): ClusterDeclaration {
  const { name, region } = cluster;
  const roleArn = spec.roleArn ?? cluster.roleArn;
  const { network, parameters } = spec;
  return clusterSchema.parse({
    ...{ apiVersion: API_VERSION, kind: 'Cluster' },
    metadata: { name: nameOf(spec.discover, cluster), labels },
    spec: {
      eks: { name, region, ...(roleArn && { roleArn }), ...(network && { network }) },
      parameters,
    },
  });
}

/**
 * The name in EKS; with the region where the set looks in several, with the account where it looks in several. Where it
 * has to be made legal (capitals, `_`, length) it ends with a hash, so that no two become one.
 */
function nameOf({ regions, roleArns }: ClusterSetDeclaration['spec']['discover'], cluster: FoundCluster): string {
  const parts = [
    cluster.name,
    ...(regions.length > 1 ? [cluster.region] : []),
    ...(roleArns.length > 1 ? [cluster.account] : []),
  ];
  const whole = parts.join('-');
  const legal = whole.toLowerCase().replaceAll('_', '-').replace(/-+$/, '');
  if (legal === whole && whole.length <= LONGEST_NAME) return whole;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, HASH_CHARACTERS);
  return `${legal.slice(0, LONGEST_NAME - HASH_CHARACTERS - 1).replace(/-+$/, '')}-${hash}`;
}

/** Returns a problem for each cluster whose name another one has, and for each that two declarations or sets lead to. */
export function findClashes(
  declared: readonly Declared<ClusterDeclaration>[],
  sets: readonly {
    readonly set: string;
    readonly clusters: readonly ClusterDeclaration[];
    readonly found: readonly FoundCluster[];
  }[],
): readonly Problem[] {
  const problems: Problem[] = [];
  const names = new Map<string, string>(
    declared.map(({ declaration: { metadata } }) => [metadata.name, `Cluster ${metadata.name}`]),
  );
  const places = new Map<string, string>(
    declared.flatMap(({ declaration }) => {
      const key = declaredPlace(declaration);
      return key === undefined ? [] : [[key, `Cluster ${declaration.metadata.name}`] as const];
    }),
  );
  for (const { set, clusters, found } of sets) {
    const subject = `ClusterSet ${set}`;
    for (const [index, cluster] of found.entries()) {
      const name = clusters[index]?.metadata.name ?? '';
      const here = `cluster ${cluster.name} in ${cluster.region} of account ${cluster.account}`;
      const twin = placesOf(cluster)
        .map((key) => places.get(key))
        .find((other) => other !== undefined);
      const namesake = names.get(name);
      if (twin !== undefined)
        problems.push(
          clash(subject, `${here} is in ${twin} too`, 'declare each cluster once, or change the tags of one set'),
        );
      else if (namesake !== undefined)
        problems.push(
          clash(
            subject,
            `${here} would have the name ${name}, which ${namesake} has`,
            'rename the Cluster, or put both into one set that looks in several regions or accounts',
          ),
        );
      for (const key of placesOf(cluster)) places.set(key, subject);
      names.set(name, subject);
    }
  }
  return problems;
}

function clash(subject: string, wrong: string, remedy: string): Problem {
  return { code: 'ConfigInvalid', subject, act: 'discover clusters', wrong, remedy };
}

const OWN_ACCOUNT = 'own';

/** Whose account a declaration without a role means is known only by what was found with our own rights. */
function declaredPlace({ spec: { eks } }: ClusterDeclaration): string | undefined {
  if (eks === undefined) return undefined;
  return placeKey(eks.name, eks.region, eks.roleArn?.split(':')[4] ?? OWN_ACCOUNT);
}

function placesOf({ name, region, account, roleArn }: FoundCluster): readonly string[] {
  const own = roleArn === undefined ? [placeKey(name, region, OWN_ACCOUNT)] : [];
  return [placeKey(name, region, account), ...own];
}

function placeKey(name: string, region: string, account: string): string {
  return JSON.stringify([name, region, account]);
}
