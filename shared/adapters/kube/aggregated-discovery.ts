/**
 * Reads `APIGroupDiscoveryList` (apidiscovery.k8s.io/v2): what one API server serves, in two answers, `/api` and `/apis`.
 * Subresources are left out: nobody applies them.
 */
import type { Discovery, ServedKind } from '../../job/ports.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';

/** One kind in one version; versions arrive in the server's order of preference. */
export interface KindVersion {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export interface GroupListing {
  readonly kinds: readonly KindVersion[];
  readonly staleGroups: readonly string[];
}

/** Undefined: the value is no aggregated discovery. */
export function parseAggregatedDiscovery(value: Json): GroupListing | undefined {
  if (!isJsonObject(value) || !Array.isArray(value.items)) return undefined;
  const groups = objectsOf(value.items).map((item) => {
    const group = isJsonObject(item.metadata) ? textOf(item.metadata.name) : '';
    const versions = objectsOf(item.versions);
    return {
      kinds: versions.flatMap((version) => readKinds(group, version)),
      stale: versions.some((version) => version.freshness === 'Stale') ? [group] : [],
    };
  });
  return { kinds: groups.flatMap(({ kinds }) => kinds), staleGroups: groups.flatMap(({ stale }) => stale) };
}

/** Returns one entry a kind, its versions in the order given; of several resources for a kind, the first counts. */
export function mergeListings(listings: readonly GroupListing[]): Discovery {
  const byKind = new Map<string, ServedKind>();
  for (const found of listings.flatMap((listing) => listing.kinds)) {
    const key = `${found.kind}.${found.group}`;
    const { version, ...kind } = found;
    const known = byKind.get(key);
    if (known === undefined) byKind.set(key, { ...kind, versions: [version] });
    else if (known.resource === found.resource && !known.versions.includes(version)) {
      byKind.set(key, { ...known, versions: [...known.versions, version] });
    }
  }
  return {
    kinds: [...byKind.values()],
    staleGroups: [...new Set(listings.flatMap((listing) => listing.staleGroups))].sort(),
  };
}

function readKinds(group: string, version: JsonObject): readonly KindVersion[] {
  return objectsOf(version.resources).flatMap((resource) => {
    const kind = isJsonObject(resource.responseKind) ? textOf(resource.responseKind.kind) : '';
    if (kind === '') return [];
    return {
      group,
      version: textOf(version.version),
      kind,
      resource: textOf(resource.resource),
      namespaced: resource.scope === 'Namespaced',
      verbs: textsOf(resource.verbs),
    };
  });
}

export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
