import type { Dependant, DesiredApplication } from '../../model/desired-state.ts';
import type { ClusterKey, Nudge } from '../ports.ts';
import { eachConcurrently } from './each-concurrently.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';

const AT_ONCE = 16;

/** Wakes every cluster in which something waits for one of `completed`: first a write each, then the nudges. */
export async function wakeDependants(
  deps: Pick<ReconcileDeps, 'state' | 'queue'>,
  fleet: string,
  {
    applications,
    completed,
  }: { readonly applications: readonly DesiredApplication[]; readonly completed: ReadonlySet<string> },
): Promise<void> {
  const found = applications.filter(({ name }) => completed.has(name)).flatMap(({ dependants = [] }) => dependants);
  const dependants = [...new Map(found.map((dependant) => [dependant.cluster, dependant])).values()];
  if (dependants.length === 0) return;
  const keyOf = ({ cluster }: Dependant): ClusterKey => ({ kind: 'cluster', fleet, cluster });
  await eachConcurrently(dependants, AT_ONCE, (dependant) => deps.state.wake(keyOf(dependant)));
  await deps.queue.send(
    dependants.map((dependant): Nudge => {
      const { network } = dependant;
      return { ...keyOf(dependant), ...(network !== undefined && { network }), hop: 0 };
    }),
  );
}
