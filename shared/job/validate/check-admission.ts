import type { Finding } from '../../model/finding.ts';
import { refOf } from '../../model/kube-object.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { KnownKinds } from '../../validate/known-kinds.ts';
import { policiesOf } from '../../validate/policies/check-policies.ts';
import { namespaceIn, type PlacedObject } from './check-together.ts';
import { findingOfFault } from './finding-of-fault.ts';
import type { PlaceFault } from './place-faults.ts';

/** Returns what the policies among the objects of a cluster say of the others. */
export async function checkAdmission(
  objects: readonly PlacedObject[],
  { cluster, kinds, place }: { readonly cluster: string; readonly kinds: KnownKinds; readonly place: PlaceFault },
): Promise<readonly Finding[]> {
  const admitted = objects.map((one) => ({ ...one, object: one.rendered.object, namespace: namespaceIn(one, kinds) }));
  const check = await policiesOf(admitted, kinds);
  if (check === undefined) return [];
  const found = admitted.flatMap((one) =>
    check(one).map(async (fault): Promise<Finding> => {
      const subject = formatRef({ ...refOf(one.object), namespace: one.namespace });
      const finding = await findingOfFault(one.rendered, fault, { place, subject });
      return { ...finding, clusters: [cluster], applications: [one.application.name] };
    }),
  );
  return Promise.all(found);
}
