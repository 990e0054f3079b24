import type { ApplicationDeclaration } from '../../model/declarations.ts';
import { keyOfObject, keyOfPlace } from '../../model/gathered.ts';
import { type GatherRequest, isInCluster } from '../../model/gathering.ts';
import { serviceAccountName } from '../../model/service-account.ts';
import { sourcesOf } from '../../model/source-spec.ts';
import { type References, referencesOf } from '../../render/gathered-references.ts';

/** Returns what a run is to gather for an application, `${...}` filled in; undefined: nothing stands in the cluster. */
export function requestOf(
  { metadata, spec }: ApplicationDeclaration,
  { places, objects }: References,
): GatherRequest | undefined {
  const { namespace = 'default', serviceAccount } = spec;
  const inCluster = places.filter(isInCluster).map(({ from, namespace: at, name, key }) => {
    return { from, namespace: at, name, ...(key !== undefined && { key }) };
  });
  if (inCluster.length === 0 && objects.length === 0) return undefined;
  return {
    application: metadata.name,
    ...(serviceAccount !== undefined && { serviceAccount: serviceAccountName(serviceAccount, namespace) }),
    places: [...new Map(inCluster.map((place) => [keyOfPlace(place), place])).values()],
    objects: [...new Map(objects.map((object) => [keyOfObject(object), object])).values()],
  };
}

/** Returns what a run of a cluster is to gather, for all sources of its applications. */
export function gatherRequests(
  declarations: readonly (ApplicationDeclaration | undefined)[],
): readonly GatherRequest[] {
  return declarations.flatMap((declaration) => {
    if (declaration === undefined) return [];
    const { namespace } = declaration.spec;
    const all = sourcesOf(declaration.spec).map(({ render }) => referencesOf({ render, namespace }));
    const references = { places: all.flatMap(({ places }) => places), objects: all.flatMap(({ objects }) => objects) };
    return requestOf(declaration, references) ?? [];
  });
}
