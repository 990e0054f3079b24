/** A fleet of clusters on fakes with all jobs: planner, renderer and runs, woken by a queue that a test may rob. */
import { PlumblineError } from '../../../../shared/errors.ts';
import { planFleet } from '../../../../shared/job/plan-fleet.ts';
import type { JobEvent, Nudge, Queue, StateStore } from '../../../../shared/job/ports.ts';
import { DEFAULT_RUN_LIMITS, type ReconcileDeps } from '../../../../shared/job/reconcile/reconcile-deps.ts';
import { preferredPathOf, servedKindsOf } from '../../../../shared/job/reconcile/served-kinds.ts';
import { reconcileCluster } from '../../../../shared/job/reconcile-cluster.ts';
import { sweep } from '../../../../shared/job/sweep.ts';
import type { KubeObject } from '../../../../shared/model/kube-object.ts';
import type { ApplicationStatus } from '../../../../shared/model/status.ts';
import { FakeCluster } from '../../../fakes/fake-cluster.ts';
import { application, FleetWorld } from '../plan-fleet/fleet-world.ts';

const FLEET = 'shop';
/** More than any of these tests takes; a chain that goes on for ever is an error. */
const MOST_MESSAGES = 500;

export class ClustersWorld {
  readonly planning = new FleetWorld();
  readonly #clusters = new Map<string, FakeCluster>();
  /** Every run that held its cluster, by name, in order. */
  readonly runs: string[] = [];
  readonly sent: Nudge[] = [];
  readonly unreachable = new Set<string>();
  /** Of those that are about to be sent, the ones that get lost. */
  loses: (nudge: Nudge) => boolean = () => false;
  #nonces = 0;

  readonly queue: Pick<Queue, 'send'> = {
    send: async (nudges, options) => {
      this.sent.push(...nudges);
      await this.planning.queue.send(
        nudges.filter((nudge) => !this.loses(nudge)),
        options,
      );
    },
  };

  readonly reconcileDeps: ReconcileDeps = {
    state: this.planning.state,
    queue: this.queue,
    blobs: this.planning.blobs,
    clusters: {
      connect: async ({ metadata }) => {
        if (this.unreachable.has(metadata.name)) throw outOfReach(metadata.name);
        this.runs.push(metadata.name);
        return this.cluster(metadata.name).connect();
      },
    },
    notifier: { notify: (event: JobEvent) => void this.planning.events.push(event) },
    newNonce: () => `run-${this.#nonces++}`,
    monotonicMs: () => 0,
    limits: DEFAULT_RUN_LIMITS,
  };

  cluster(name: string): FakeCluster {
    const cluster = this.#clusters.get(name) ?? new FakeCluster();
    this.#clusters.set(name, cluster);
    return cluster;
  }

  /** Commits, and tells the planner. */
  async commit(files: Readonly<Record<string, string>>): Promise<void> {
    this.planning.source.commit('main', files);
    await this.planning.state.wake({ kind: 'fleet', fleet: FLEET });
    await this.queue.send([{ kind: 'fleet', fleet: FLEET, hop: 0 }]);
  }

  /** Works until no message is to be had at this moment. */
  async work(state: StateStore = this.planning.state): Promise<void> {
    for (let messages = 0; messages < MOST_MESSAGES; messages++) {
      const [delivery] = await this.planning.queue.receive({ max: 1, visibilityMs: 60_000 });
      if (delivery === undefined) return;
      await this.#handle(delivery.body as Nudge, state);
      await delivery.acknowledge();
    }
    throw new Error('messages without end');
  }

  /** Lets time pass, sweeps, and works. */
  async sweep(ms: number): Promise<void> {
    this.planning.state.pass(ms);
    this.planning.queue.pass(ms);
    await sweep({ state: this.planning.state, queue: this.planning.queue }, FLEET);
    await this.work();
  }

  run(cluster: string, parts: Partial<ReconcileDeps> = {}): Promise<unknown> {
    return reconcileCluster({ ...this.reconcileDeps, ...parts }, { fleet: FLEET, cluster, hop: 0 });
  }

  async status(cluster: string, name: string): Promise<ApplicationStatus | undefined> {
    const statuses = await this.planning.state.listApplications(FLEET, cluster);
    return statuses.find((status) => status.application === name);
  }

  /** What ConfigMap or Deployment of that name a cluster has. */
  async read(cluster: string, kind: 'ConfigMap' | 'Deployment', name: string): Promise<KubeObject | undefined> {
    const { connection, path, ref } = await this.#find(cluster, kind, name);
    const found = await connection.get(path, ref);
    return found.ok ? found.value : undefined;
  }

  async valueIn(cluster: string, name: string): Promise<unknown> {
    const found = await this.read(cluster, 'ConfigMap', name);
    return (found?.data as { readonly value?: unknown } | undefined)?.value;
  }

  async remove(cluster: string, name: string): Promise<void> {
    const { connection, path, ref } = await this.#find(cluster, 'ConfigMap', name);
    const found = await connection.get(path, ref);
    if (found.ok) await connection.delete(path, ref, { uid: found.value.metadata.uid ?? '' });
  }

  /** What the controllers of a real cluster would say of a Deployment with one replica. */
  async setReady(cluster: string, name: string, isReady: boolean): Promise<void> {
    const { connection, path, ref } = await this.#find(cluster, 'Deployment', name);
    const live = await this.read(cluster, 'Deployment', name);
    const ready = isReady ? 1 : 0;
    const status = {
      observedGeneration: live?.metadata.generation ?? 1,
      ...{ replicas: 1, updatedReplicas: 1, readyReplicas: ready, availableReplicas: ready },
      conditions: [{ type: 'Available', status: isReady ? 'True' : 'False' }],
    };
    const patched = await connection.patch(path, ref, [{ op: 'add', path: '/status', value: status }], {
      fieldManager: 'controller',
    });
    if (!patched.ok) throw new Error(patched.refusal.message);
  }

  async #find(cluster: string, kind: 'ConfigMap' | 'Deployment', name: string) {
    const connection = this.cluster(cluster).connect();
    const ref = { group: kind === 'Deployment' ? 'apps' : '', kind, namespace: 'default', name };
    const path = preferredPathOf(servedKindsOf(await connection.discover()), ref);
    if (path === undefined) throw new Error(`${kind} is not served`);
    return { connection, path, ref };
  }

  async #handle(nudge: Nudge, state: StateStore): Promise<void> {
    switch (nudge.kind) {
      case 'fleet': {
        const deps = { ...this.planning.deps, queue: this.queue };
        await planFleet(deps, { ...nudge, branch: 'main', folder: 'plumbline' });
        return;
      }
      case 'render':
        await this.planning.answer(nudge.input);
        await state.wake({ kind: 'fleet', fleet: FLEET });
        return this.queue.send([{ kind: 'fleet', fleet: FLEET, hop: 0 }]);
      case 'cluster':
        await reconcileCluster({ ...this.reconcileDeps, state }, nudge);
    }
  }
}

/** The same with other parts. What it calls of itself stays its own. */
export function withParts<T extends object>(target: T, parts: Partial<T>): T {
  return new Proxy(target, {
    get(_target, name) {
      const value: unknown = Reflect.get(name in parts ? parts : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Clusters of these names, in a chain: each with the parameter `after`, the first after itself. */
export function chainOf(...names: readonly string[]): string {
  return names
    .map(
      (name, index) =>
        `apiVersion: plumbline.dev/v1\nkind: Cluster\nmetadata: {name: ${name}}\nspec: {kubeconfig: {context: ${name}}, parameters: {after: ${names[index - 1] ?? name}}}\n`,
    )
    .join('---\n');
}

/** A Deployment of one replica that is ready when the test says so. */
export function deployment(name: string, image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: ${name}, image: "${image}"}]}
`;
}

/** An application for the clusters named. */
export function applicationIn(clusters: string, name: string, more = ''): string {
  return application(name, `source: {path: apps/${name}}${more}`).replace('{all: true}', `{names: [${clusters}]}`);
}

function outOfReach(subject: string): PlumblineError {
  const wrong = 'connection refused';
  return new PlumblineError([{ code: 'ClusterUnreachable', subject, act: 'connect', wrong, remedy: 'wait' }]);
}
