/**
 * Learns what an API server serves: two aggregated requests (Kubernetes 1.30 and newer), or where the server answers in
 * the older form, one request a group version. An answer that is refused is an error, never an empty set: pruning
 * would follow from it.
 */
import type { ApiRefusal, Discovery } from '../../job/ports.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import {
  type GroupListing,
  type KindVersion,
  mergeListings,
  objectsOf,
  parseAggregatedDiscovery,
  textOf,
  textsOf,
} from './aggregated-discovery.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

export type DiscoveryAnswer =
  | { readonly ok: true; readonly body: Json; readonly contentType: string }
  | { readonly ok: false; readonly refusal: ApiRefusal };

export interface DiscoveryReader {
  get(path: string, accept?: string): Promise<DiscoveryAnswer>;
  /** Returns the exception for an answer that ends the discovery. */
  fail(path: string, wrong: string): Error;
}

/** @throws what `reader.fail` makes when `/api` or `/apis` is refused or unreadable. */
export async function readDiscovery(reader: DiscoveryReader): Promise<Discovery> {
  const listings = await Promise.all([readRoot(reader, '/api'), readRoot(reader, '/apis')]);
  return mergeListings(listings.flat());
}

async function readRoot(reader: DiscoveryReader, root: '/api' | '/apis'): Promise<readonly GroupListing[]> {
  const answer = await reader.get(root, AGGREGATED);
  if (!answer.ok) throw reader.fail(root, refusalText(answer.refusal));
  if (answer.contentType.includes('as=APIGroupDiscoveryList')) {
    const listing = parseAggregatedDiscovery(answer.body);
    if (listing === undefined) throw reader.fail(root, 'the answer is no APIGroupDiscoveryList');
    return [listing];
  }
  const versions = listGroupVersions(answer.body, root);
  if (versions === undefined) throw reader.fail(root, 'the answer lists no API versions');
  return await Promise.all(versions.map((groupVersion) => readGroupVersion(reader, root, groupVersion)));
}

/** Returns `v1` below /api, `apps/v1` and the like below /apis, preferred versions first. */
function listGroupVersions(body: Json, root: '/api' | '/apis'): readonly string[] | undefined {
  if (!isJsonObject(body)) return undefined;
  if (root === '/api') return body.kind === 'APIVersions' ? textsOf(body.versions) : undefined;
  if (body.kind !== 'APIGroupList') return undefined;
  return objectsOf(body.groups).flatMap((group) => {
    const versions = objectsOf(group.versions).map((version) => textOf(version.groupVersion));
    const preferred = isJsonObject(group.preferredVersion) ? textOf(group.preferredVersion.groupVersion) : '';
    return [...versions.filter((version) => version === preferred), ...versions.filter((v) => v !== preferred)];
  });
}

async function readGroupVersion(
  reader: DiscoveryReader,
  root: '/api' | '/apis',
  groupVersion: string,
): Promise<GroupListing> {
  const slash = groupVersion.indexOf('/');
  const group = slash < 0 ? '' : groupVersion.slice(0, slash);
  const path = `${root}/${groupVersion}`;
  const answer = await reader.get(path);
  if (!answer.ok) {
    // An aggregated API server that is away (503) or unknown (404) makes its own group unsure, not the others.
    if (group !== '') return { kinds: [], staleGroups: [group] };
    throw reader.fail(path, refusalText(answer.refusal));
  }
  const resources = isJsonObject(answer.body) ? objectsOf(answer.body.resources) : [];
  const kinds = resources.flatMap((resource): readonly KindVersion[] => {
    const name = textOf(resource.name);
    if (name.includes('/')) return [];
    return [
      {
        group,
        version: groupVersion.slice(slash + 1),
        kind: textOf(resource.kind),
        resource: name,
        namespaced: resource.namespaced === true,
        verbs: textsOf(resource.verbs),
      },
    ];
  });
  return { kinds, staleGroups: [] };
}

function refusalText({ status, message }: ApiRefusal): string {
  return `the API server refuses it (HTTP ${status}): ${message}`;
}
