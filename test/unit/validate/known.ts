import { readKubernetesReleases } from '../../../shared/adapters/kubernetes-schemas/read-releases.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { readObjects } from '../../../shared/render/read-objects.ts';
import { checkObject } from '../../../shared/validate/check-object.ts';
import { formatPath } from '../../../shared/validate/fault.ts';
import { type KnownKinds, knownKinds } from '../../../shared/validate/known-kinds.ts';

export const RELEASES = readKubernetesReleases();

export function kindsOf(version: `1.${number}` = '1.36'): KnownKinds {
  return knownKinds(RELEASES.release(version), []);
}

/** Returns the faults of one object as `.path: wrong; remedy`. */
export function faultsOf(yaml: string, kinds: KnownKinds = kindsOf()): readonly string[] {
  return checkObject(objectOf(yaml), kinds).map(
    ({ path, wrong, remedy }) => `${formatPath(path)}: ${wrong}; ${remedy}`,
  );
}

export function objectOf(yaml: string): KubeObject {
  const [first] = readObjects(yaml, { path: 'object.yaml' });
  if (first === undefined) throw new Error('there is no object');
  return first.object;
}
