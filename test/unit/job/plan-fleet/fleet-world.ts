// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
/** A fleet on fakes: a repository, a state, a queue, blobs, and a renderer that answers when the test says so. */

import { DEFAULT_PLAN_LIMITS, type PlanDeps } from '../../../../shared/job/plan-fleet/plan-deps.ts';
import { writeFailure, writeRendering } from '../../../../shared/job/plan-fleet/rendering-blobs.ts';
import { type PlanResult, planFleet } from '../../../../shared/job/plan-fleet.ts';
import type { JobEvent, Nudge } from '../../../../shared/job/ports.ts';
import type { ClusterSetDeclaration } from '../../../../shared/model/declarations.ts';
import type { DesiredState } from '../../../../shared/model/desired-state.ts';
import type { FoundCluster } from '../../../../shared/model/found-cluster.ts';
import { parseJson } from '../../../../shared/model/json-text.ts';
import type { Problem } from '../../../../shared/model/problem.ts';
import type { ClusterStatus, DesiredPointer, FleetStatus } from '../../../../shared/model/status.ts';
import { decodeInput } from '../../../../shared/render/input.ts';
import { readObjects } from '../../../../shared/render/read-objects.ts';
import { FakeBlobStore } from '../../../fakes/fake-blob-store.ts';
import { FakeOutsideValues } from '../../../fakes/fake-outside-values.ts';
import { FakeQueue } from '../../../fakes/fake-queue.ts';
import { FakeSource } from '../../../fakes/fake-source.ts';
import { FakeStateStore } from '../../../fakes/fake-state-store.ts';

const FLEET = 'shop';

export class FleetWorld {
  readonly source = new FakeSource();
  readonly state = new FakeStateStore();
  readonly queue = new FakeQueue();
  readonly blobs = new FakeBlobStore();
  readonly others = new Map<string, FakeSource>();
  readonly outside = new FakeOutsideValues();
  readonly events: JobEvent[] = [];
  readonly #woken = new Set<string>();
  #nonces = 0;

  /** What sets find; replaced by tests. */
  discover: (set: ClusterSetDeclaration) => readonly FoundCluster[] = () => [];

  readonly deps: PlanDeps = {
    state: this.state,
    queue: this.queue,
    blobs: this.blobs,
    sources: {
      fleet: this.source,
      open: ({ metadata }) => {
        const found = this.others.get(metadata.name);
        if (found === undefined) throw new Error(`no source ${metadata.name}`);
        return found;
      },
    },
    directory: { discover: async (set) => this.discover(set) },
    outsideValues: this.outside,
    versions: { helm: 'helm 1', kustomize: 'kustomize 1' },
    notifier: { notify: (event) => this.events.push(event) },
    newNonce: () => `nonce-${this.#nonces++}`,
    monotonicMs: () => 0,
    limits: DEFAULT_PLAN_LIMITS,
  };

  /** Wakes the fleet and plans. */
  async plan(): Promise<PlanResult> {
    await this.state.wake({ kind: 'fleet', fleet: FLEET });
    return planFleet(this.deps, { fleet: FLEET, branch: 'main', folder: 'plumbline' });
  }

  /** Takes all nudges that are there. */
  async nudges(): Promise<readonly Nudge[]> {
    const deliveries = await this.queue.receive({ max: 100, visibilityMs: 60_000 });
    for (const delivery of deliveries) await delivery.acknowledge();
    const nudges = deliveries.map(({ body }) => body as Nudge);
    for (const nudge of nudges) if (nudge.kind === 'cluster') this.#woken.add(nudge.cluster);
    return nudges;
  }

  /** Renders, as plain YAML, whatever was asked for; `fail` names applications whose rendering fails. Returns what was asked for. */
  async render(fail: Readonly<Record<string, Problem>> = {}): Promise<readonly string[]> {
    const asked: string[] = [];
    for (const nudge of await this.nudges()) {
      if (nudge.kind !== 'render') continue;
      asked.push(await this.answer(nudge.input, fail));
    }
    return asked.sort();
  }

  /** Renders one input. Returns what it is of. */
  async answer(key: string, fail: Readonly<Record<string, Problem>> = {}): Promise<string> {
    const input = decodeInput((await this.blobs.read(key)) ?? new Uint8Array());
    const [application = ''] = input.subject.split(' ');
    const problem = fail[application];
    const objects = [...input.files].flatMap(([path, content]) =>
      path.startsWith(`${input.path}/`) ? readObjects(new TextDecoder().decode(content), { path }) : [],
    );
    if (problem !== undefined) await writeFailure(this.blobs, input.inputDigest, [problem]);
    else await writeRendering(this.blobs, { inputDigest: input.inputDigest, objects, warnings: [] });
    return input.subject;
  }

  /** Plans, renders and plans again, as the running loop does. Returns the clusters that were woken at the end. */
  async settle(): Promise<readonly string[]> {
    await this.plan();
    await this.render();
    await this.plan();
    return this.wokenClusters();
  }

  /** The clusters that were nudged since this was asked last. */
  async wokenClusters(): Promise<readonly string[]> {
    await this.nudges();
    const woken = [...this.#woken].sort();
    this.#woken.clear();
    return woken;
  }

  async pointer(cluster: string): Promise<DesiredPointer | undefined> {
    return (await this.state.readCluster(FLEET, cluster))?.desired;
  }

  async desired(cluster: string): Promise<DesiredState> {
    const bytes = await this.blobs.read((await this.pointer(cluster))?.blob ?? '');
    if (bytes === undefined) throw new Error(`no desired state of ${cluster}`);
    return parseJson(new TextDecoder().decode(bytes)) as unknown as DesiredState;
  }

  async status(): Promise<FleetStatus | undefined> {
    return (await this.state.readFleet(FLEET))?.status;
  }

  /** What a run of the cluster would record. */
  async recordRun(
    cluster: string,
    found: Pick<ClusterStatus, 'facts' | 'gathered' | 'lost'> | Pick<ClusterStatus, 'failures'>,
  ): Promise<void> {
    const key = { kind: 'cluster', fleet: FLEET, cluster } as const;
    const acquired = await this.state.acquire(key, { nonce: 'a run', holdMs: 1000 });
    if (acquired.result !== 'acquired') throw new Error(acquired.result);
    const base = {
      cluster,
      labels: {},
      suspend: false,
      sync: 'synced',
      health: 'healthy',
      failures: 0,
      problems: [],
    } as const;
    await this.state.release(key, acquired.lease, { nextTryInMs: undefined, status: { ...base, ...found } });
  }
}

export const CLUSTERS = `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: staging, labels: {stage: staging}}
spec: {kubeconfig: {context: stg}}
---
apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: prod, labels: {stage: prod}}
spec: {kubeconfig: {context: prod}}
`;

/** An application for all clusters, its `spec` as flow YAML without braces. */
export function application(name: string, spec = `source: {path: apps/${name}}`): string {
  return `apiVersion: plumbline.dev/v1\nkind: Application\nmetadata: {name: ${name}}\nspec: {clusters: {all: true}, ${spec}}\n`;
}

export function configMap(name: string, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {value: "${value}"}\n`;
}

/** Two clusters, two applications. */
export const FIRST_COMMIT = {
  'plumbline/clusters.yaml': CLUSTERS,
  'plumbline/web.yaml': application('web'),
  'plumbline/db.yaml': application('db', 'source: {path: "apps/db/${cluster.labels.stage}"}, sync: {prune: false}'),
  'apps/web/web.yaml': configMap('web', '1'),
  'apps/db/staging/db.yaml': configMap('db', 'staging'),
  'apps/db/prod/db.yaml': configMap('db', 'prod'),
};

/** One in which the first commit is rendered and planned. */
export async function settledWorld(): Promise<FleetWorld> {
  const world = new FleetWorld();
  world.source.commit('main', FIRST_COMMIT);
  await world.settle();
  return world;
}
