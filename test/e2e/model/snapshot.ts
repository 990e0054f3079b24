/** Everything that a sequence may have an opinion on, read anew: live objects, anchor, parents, state, record. */
import { FLEET_LABEL, SYSTEM_NAMESPACE } from '../../../shared/config/names.ts';
import { readRecord } from '../../../shared/job/reconcile/record-results.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import type { Problem } from '../../../shared/model/problem.ts';
import type { ClusterRecord } from '../../../shared/model/record.ts';
import type { ApplicationStatus, ClusterItem } from '../../../shared/model/status.ts';
import { type Parent, readParent } from '../../../shared/plan/apply-set.ts';
import type { ClusterLab } from '../ownership/lab.ts';
import type { FleetUnderTest } from '../reconcile/fleet-under-test.ts';
import { POOL, type PoolObject } from './pool.ts';

export interface Snapshot {
  /** Of the kinds of the pool, in the sequence's namespace, by name. */
  readonly live: ReadonlyMap<string, KubeObject>;
  readonly parents: readonly Parent[];
  /** ConfigMaps of the fleet in the system namespace that are neither anchor nor parent. */
  readonly leftovers: readonly string[];
  readonly item: ClusterItem;
  readonly applications: Readonly<Record<string, ApplicationStatus>>;
  /** Of the cluster and of every application. */
  readonly problems: readonly Problem[];
  readonly record: ClusterRecord | undefined;
  /** Nothing is refused, waits or is held back: then everything has to be as Git says. */
  readonly isClean: boolean;
}

/** What the API server makes by itself in every namespace. */
const NOT_OURS = ['default', 'kube-root-ca.crt'];

export async function takeSnapshot(fleet: FleetUnderTest, lab: ClusterLab): Promise<Snapshot> {
  const { namespace } = fleet;
  const kinds = new Map<string, PoolObject>(POOL.map((object) => [object.kind, object]));
  const [lists, system] = await Promise.all([
    Promise.all([...kinds.values()].map(({ apiVersion, kind }) => lab.others.list({ apiVersion, kind, namespace }))),
    lab.others.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace: SYSTEM_NAMESPACE }),
  ]);
  const own = system.filter(({ metadata }) => metadata.labels?.[FLEET_LABEL] === fleet.fleet);
  const parents = own.flatMap((object) => readParent(object) ?? []);
  const known = [`plumbline-${fleet.fleet}`, ...parents.map(({ object }) => object.metadata.name)];
  const names = own.map(({ metadata }) => metadata.name);
  const item = await fleet.deps.state.readCluster(fleet.fleet, fleet.cluster);
  if (item?.status === undefined) throw new Error('the cluster has no status yet');
  const applications = await fleet.applications();
  const statuses = Object.values(applications);
  const problems = [...item.status.problems, ...statuses.flatMap((status) => status.problems)];
  const isWaiting = statuses.some(({ waitingFor }) => waitingFor !== '');
  return {
    live: new Map(
      lists
        .flat()
        .filter(({ metadata }) => !NOT_OURS.includes(metadata.name))
        .map((object) => [object.metadata.name, object]),
    ),
    parents,
    leftovers: names.filter((name) => !known.includes(name)),
    item,
    applications,
    problems,
    record: await readRecord(fleet.deps.blobs, item.status.record, item.status.facts?.uid ?? ''),
    isClean: problems.length === 0 && !isWaiting,
  };
}

/** Returns what people are told of now, of the cluster and of every application. */
export async function problemsTold(fleet: FleetUnderTest): Promise<readonly Problem[]> {
  const item = await fleet.deps.state.readCluster(fleet.fleet, fleet.cluster);
  const applications = Object.values(await fleet.applications());
  return [...(item?.status?.problems ?? []), ...applications.flatMap(({ problems }) => problems)];
}
