/**
 * Tells that a cluster is as it was without reading or making its desired state: a digest of everything that one is made
 * of where nothing is missing or wrong. Pure.
 */
import { createHash } from 'node:crypto';
import { VERSION } from '../../config/names.ts';
import { formatPlace } from '../../model/dependency.ts';
import type { DesiredState } from '../../model/desired-state.ts';
import { canonicalJson } from '../../model/json-text.ts';
import type { ClusterLinks } from './link-clusters.ts';
import type { PlannedApplication, PlannedCluster } from './plan-applications.ts';
import type { PlannedInput } from './plan-input.ts';

/** Raised when a desired state is made of other things, or in another way, than it was. */
const DESIRED_VERSION = 1;

export interface MadeOf {
  readonly fleet: string;
  readonly links: ClusterLinks;
  /** Of the Fleet; it stands in the desired state. */
  readonly removalLimit: unknown;
  /** Applications that leave the cluster, or have yet to. */
  readonly removed: readonly string[];
}

/**
 * Returns the digest (hex, SHA-256); undefined where it cannot be said of what is declared alone: something is broken or
 * not known, an application leaves, or waits for another cluster, of which more would have to be known.
 */
export function madeDigest(
  { cluster, applications }: PlannedCluster,
  { fleet, links, removalLimit, removed }: MadeOf,
): string | undefined {
  if (removed.length > 0) return undefined;
  const { name } = cluster.metadata;
  const hash = createHash('sha256');
  hash.update(canonicalJson([VERSION, DESIRED_VERSION, fleet, cluster, removalLimit]));
  for (const application of applications) {
    const digest = digestOf(application);
    if (digest === undefined) return undefined;
    hash.update(digest);
    if (links.upstream.size === 0 && links.dependants.size === 0) continue;
    const place = formatPlace({ cluster: name, application: application.name });
    if ((links.upstream.get(place) ?? []).length > 0) return undefined;
    hash.update(canonicalJson(links.dependants.get(place) ?? []));
  }
  return hash.digest('hex');
}

/** Tells whether nothing of a desired state is missing, held back or on its way out. */
export function isWhole({ applications, unavailable, removes, removalHold }: DesiredState): boolean {
  const isHeld = applications.some(({ heldBack, upstream }) => heldBack !== undefined || upstream !== undefined);
  return !isHeld && unavailable.length === 0 && removes === undefined && removalHold === undefined;
}

/** Clusters share inputs, so most are asked for many times. */
const digests = new WeakMap<PlannedInput, string>();

function digestOf(application: PlannedApplication): string | undefined {
  const known = digests.get(application.input) ?? makeDigest(application);
  if (known !== undefined) digests.set(application.input, known);
  return known;
}

function makeDigest({ name, declaration, input, formerNames, madeBy }: PlannedApplication): string | undefined {
  if (input.state !== 'known' || declaration === undefined) return undefined;
  const { clusters: _clusters, ...spec } = declaration.spec;
  const parts = input.parts.map(({ inputDigest }) => inputDigest);
  const sources = input.sources?.map(({ source }) => source);
  return createHash('sha256')
    .update(canonicalJson([name, spec, input.inputDigest, parts, sources, formerNames, madeBy]))
    .digest('hex');
}
