/** The whole loop in this process, on the parts of one machine: a commit goes in, everything that it wakes is done. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fleetPlaceOf, type LocalFleet, openLocalFleet } from '../../../cli/local-fleet.ts';
import { type LocalRenderers, openLocalRenderers } from '../../../cli/local-renderers.ts';
import { readEnvironment } from '../../../shared/config/environment.ts';
import { handleNudge, type Jobs } from '../../../shared/job/handle-nudge.ts';
import { DEFAULT_PLAN_LIMITS } from '../../../shared/job/plan-fleet/plan-deps.ts';
import { planFleet } from '../../../shared/job/plan-fleet.ts';
import type { JobEvent, Notifier } from '../../../shared/job/ports.ts';
import { DEFAULT_RUN_LIMITS } from '../../../shared/job/reconcile/reconcile-deps.ts';
import { reconcileCluster } from '../../../shared/job/reconcile-cluster.ts';
import { renderHere } from '../../../shared/job/render-call.ts';
import { renderInput } from '../../../shared/job/render-input.ts';
import { formatProblem, type Problem } from '../../../shared/model/problem.ts';
import type { ApplicationStatus, ClusterStatus, FleetStatus } from '../../../shared/model/status.ts';
import { type FileChanges, makeRepository } from '../../contract/source-repository.ts';
import { type ApiAccess, callApi } from '../../controlplane/call-api.ts';

/** Everything that people are shown, and how true the clusters are. */
export interface SeenStatus {
  readonly fleet: FleetStatus;
  readonly clusters: Readonly<Record<string, ClusterStatus>>;
  /** By `cluster/application`. */
  readonly applications: Readonly<Record<string, ApplicationStatus>>;
  /** Of the whole fleet, formatted with their codes: `ConfigInvalid a.yaml:1:1: ...`. */
  readonly problems: readonly string[];
}

/** ConfigMaps of the fleet in a namespace by name. */
export type SeenObjects = Readonly<Record<string, SeenObject>>;

export interface SeenObject {
  readonly value: string | undefined;
  readonly uid: string;
  readonly resourceVersion: string;
}

export interface BadInputLab {
  readonly fleet: string;
  /** One of the lab's own; applications may make it. */
  readonly namespace: string;
  readonly repositoryPath: string;
  /** Where state, blobs and their key lie. */
  readonly stateDir: string;
  /** Everything that the jobs told, in order. */
  readonly events: readonly JobEvent[];
  /** Commits, and works until nothing moves any more. */
  bring(subject: string, files: FileChanges): Promise<SeenStatus>;
  /** Looks at everything again, as a sweep does, and works until nothing moves any more. */
  look(): Promise<SeenStatus>;
  /** Checks the clusters alone, as each is at its time, and works until nothing moves any more. */
  check(): Promise<SeenStatus>;
  objects(cluster: ApiAccess, namespace?: string): Promise<SeenObjects>;
  close(): Promise<void>;
}

/** Follow-ups of what progresses come after half a second and later; here they are asked for. */
const FOLLOW_UP_MS = 200;
const FOLLOW_UPS = 100;

export async function badInputLab(): Promise<BadInputLab> {
  const environment = readEnvironment();
  const fleet = `bad-${randomBytes(4).toString('hex')}`;
  const stateDir = await mkdtemp(join(tmpdir(), 'plumbline-bad-input-'));
  const { repository, remove } = await makeRepository();
  const options = { fleet: repository.path, branch: 'main', folder: 'plumbline', name: fleet, state: stateDir };
  const local = openLocalFleet(fleetPlaceOf(options, environment), environment);
  const events: JobEvent[] = [];
  const jobs = jobsOf(local, await openLocalRenderers(environment), { notify: (event) => events.push(event) });

  const lab: BadInputLab = {
    fleet,
    namespace: fleet,
    repositoryPath: repository.path,
    stateDir,
    events,
    async bring(subject, files) {
      await repository.commit(subject, files);
      await wakeFleet(local, fleet);
      await settle(local, jobs);
      return statusOf(local);
    },
    async look() {
      await wakeFleet(local, fleet);
      await wakeClusters(local, fleet);
      await settle(local, jobs);
      return statusOf(local);
    },
    async check() {
      await wakeClusters(local, fleet);
      await settle(local, jobs);
      return statusOf(local);
    },
    objects: (cluster, namespace = fleet) => objectsIn(cluster, namespace, fleet),
    async close() {
      local.close();
      await remove();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
  return lab;
}

function jobsOf(local: LocalFleet, { renderers, versions }: LocalRenderers, notifier: Notifier): Jobs {
  const { name: fleet, branch, folder } = local.place;
  const parts = { ...local, notifier };
  return {
    planFleet: () => planFleet({ ...parts, versions, limits: DEFAULT_PLAN_LIMITS }, { fleet, branch, folder }),
    renderInput: (target) => renderInput({ ...parts, render: renderHere(renderers) }, target),
    reconcileCluster: (target) => reconcileCluster({ ...parts, limits: DEFAULT_RUN_LIMITS }, target),
  };
}

async function wakeFleet({ state, queue }: LocalFleet, fleet: string): Promise<void> {
  await state.wake({ kind: 'fleet', fleet });
  await queue.send([{ kind: 'fleet', fleet, hop: 0 }]);
}

async function wakeClusters({ state, queue }: LocalFleet, fleet: string): Promise<void> {
  for (const { cluster } of await state.listClusters(fleet)) {
    await state.wake({ kind: 'cluster', fleet, cluster });
    await queue.send([{ kind: 'cluster', fleet, cluster, hop: 0 }]);
  }
}

async function settle(local: LocalFleet, jobs: Jobs): Promise<void> {
  for (let followUps = 0; followUps < FOLLOW_UPS; followUps++) {
    await drain(local, jobs);
    const applications = await local.state.listApplications(local.place.name);
    if (!applications.some(({ health }) => health === 'progressing')) return;
    await pause(FOLLOW_UP_MS);
    await wakeClusters(local, local.place.name);
  }
  throw new Error('something progresses for ever');
}

/** Does what the queue holds now; what is meant for later stays there. */
async function drain({ queue }: LocalFleet, jobs: Jobs): Promise<void> {
  for (;;) {
    const deliveries = await queue.receive({ max: 16, visibilityMs: 60_000 });
    if (deliveries.length === 0) return;
    for (const handled of await Promise.all(deliveries.map((delivery) => handleNudge(delivery, jobs)))) {
      if (handled.outcome !== 'done') throw new Error(handled.problems.map(formatProblem).join('\n'));
    }
  }
}

async function statusOf({ state, place }: LocalFleet): Promise<SeenStatus> {
  const fleet = (await state.readFleet(place.name))?.status;
  if (fleet === undefined) throw new Error('the fleet was not planned');
  const clusters = (await state.listClusters(place.name)).flatMap(({ status }) => status ?? []);
  const applications = await state.listApplications(place.name);
  return {
    fleet,
    clusters: Object.fromEntries(clusters.map((status) => [status.cluster, status])),
    applications: Object.fromEntries(applications.map((one) => [`${one.cluster}/${one.application}`, one])),
    problems: [...fleet.problems, ...clusters.flatMap(({ problems }) => problems)].map(withCode),
  };
}

function withCode(problem: Problem): string {
  return `${problem.code} ${formatProblem(problem)}`;
}

interface ConfigMap {
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
  readonly data?: Readonly<Record<string, string>>;
}

async function objectsIn(cluster: ApiAccess, namespace: string, fleet: string): Promise<SeenObjects> {
  const selector = encodeURIComponent(`plumbline.dev/fleet=${fleet}`);
  const path = `/api/v1/namespaces/${namespace}/configmaps?labelSelector=${selector}`;
  const { body } = await callApi(cluster, { path });
  const { items } = body as { readonly items: readonly ConfigMap[] };
  return Object.fromEntries(
    items.map(({ metadata: { name, uid, resourceVersion }, data }) => [
      name,
      { value: data?.value, uid, resourceVersion },
    ]),
  );
}
