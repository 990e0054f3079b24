import { FLEET_LABEL, SYSTEM_NAMESPACE } from '../../../shared/config/names.ts';
import type { ClusterLab } from '../ownership/lab.ts';
import type { FleetUnderTest } from '../reconcile/fleet-under-test.ts';

/** Takes away what a sequence leaves in the shared cluster: its namespace, and its own objects in the system namespace. */
export async function cleanUp({ others }: ClusterLab, { fleet, namespace }: FleetUnderTest): Promise<void> {
  const own = await others.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace: SYSTEM_NAMESPACE });
  const named = own.filter(({ metadata }) => metadata.labels?.[FLEET_LABEL] === fleet);
  const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await Promise.all([...named, space].map((target) => others.delete(target).catch(() => undefined)));
}
