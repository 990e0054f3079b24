import type { Change } from '../model/change.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { PlannedWait } from '../report/fleet-plan.ts';
import { applicationsWithNews, closeForOtherClusters, type UpstreamReader } from './reconcile/gates-elsewhere.ts';

/** Returns what each application that has something to bring in would wait for, as far as the state knows. */
export async function plannedWaits(
  state: UpstreamReader,
  fleet: string,
  { desired, changes }: { readonly desired: DesiredState; readonly changes: readonly Change[] },
): Promise<readonly PlannedWait[]> {
  const busy = applicationsWithNews(changes);
  const { applications } = desired;
  const gated = applications.filter(({ name, dependsOn }) => busy.has(name) && dependsOn.length > 0);
  if (gated.length === 0) return [];
  const elsewhere = await closeForOtherClusters(state, fleet, { applications, changes });
  const statuses = await state.listApplications(fleet, desired.cluster.metadata.name);
  const completed = new Map(statuses.map((status) => [status.application, status.completed]));
  const isThere = (name: string): boolean => {
    const upstream = applications.find((application) => application.name === name);
    // What nobody knows of and nothing is to be done for is taken to be there.
    return upstream === undefined || completed.get(name) === upstream.inputDigest || !busy.has(name);
  };
  return gated.flatMap(({ name, dependsOn }) => {
    const own = dependsOn.find((upstream) => !isThere(upstream));
    const reason = elsewhere.get(name) ?? (own && `application ${own}, whose new state comes first`);
    return reason === undefined ? [] : [{ application: name, waitsFor: reason }];
  });
}
