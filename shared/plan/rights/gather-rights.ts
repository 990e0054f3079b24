import type { GatherRequest } from '../../model/gathering.ts';
import { splitServiceAccount } from '../../model/service-account.ts';
import type { KindLookup } from './needed-rights.ts';
import { type Right, rights } from './right.ts';

/** Returns the rights to read what renderings are told of a cluster (reconcile/gather-objects.ts). */
export function gatherRights(requests: readonly GatherRequest[], kindOf: KindLookup): readonly Right[] {
  return requests.flatMap(({ serviceAccount, places, objects }) => {
    const account = serviceAccount === undefined ? undefined : splitServiceAccount(serviceAccount);
    const holder = serviceAccount === undefined ? {} : { account: serviceAccount };
    const ofPlaces = places.flatMap(({ from, namespace, name }) => {
      const resource = from === 'secret' ? 'secrets' : 'configmaps';
      return rights('get', { ...holder, group: '', resource, namespace, name });
    });
    const ofObjects = objects.flatMap((reference) => {
      const kind = kindOf(reference);
      if (kind === undefined) return [];
      const { group, resource, namespaced } = kind;
      const { namespace = '', name } = reference;
      const place = { ...holder, group, resource, namespace: namespaced ? namespace : '' };
      return name === undefined ? rights('list', place) : rights('get', { ...place, name });
    });
    return [
      ...(account === undefined ? [] : rights('impersonate', { group: '', resource: 'serviceaccounts', ...account })),
      ...ofPlaces,
      ...ofObjects,
    ];
  });
}
