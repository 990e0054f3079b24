/**
 * One application in a namespace and a fleet of its own on the shared control plane, brought in with the parts that a
 * reconcile run uses: prepare, apply, record, list, plan. What a case does to it is done by others.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createKubeconfigConnector } from '../../../shared/adapters/kube/connect-kubeconfig.ts';
import { FLEET_LABEL, fieldManagerOf } from '../../../shared/config/names.ts';
import type { ClusterConnection, ResourcePath } from '../../../shared/job/ports.ts';
import { applyObject } from '../../../shared/job/reconcile/apply-object.ts';
import { lookBeforeCreate } from '../../../shared/job/reconcile/look-before-create.ts';
import { type ServedKinds, servedKindsOf } from '../../../shared/job/reconcile/served-kinds.ts';
import { API_VERSION, applicationSchema, clusterSchema } from '../../../shared/model/declarations.ts';
import type { DesiredApplication } from '../../../shared/model/desired-state.ts';
import { isJsonObject } from '../../../shared/model/json.ts';
import { type KubeObject, refOf } from '../../../shared/model/kube-object.ts';
import {
  formatGroupKind,
  formatRef,
  type GroupKind,
  groupOf,
  type RefKey,
  versionOf,
} from '../../../shared/model/object-ref.ts';
import { formatProblem } from '../../../shared/model/problem.ts';
import type { ObjectRecord } from '../../../shared/model/record.ts';
import { parentObject, readParent } from '../../../shared/plan/apply-set.ts';
import { planCluster } from '../../../shared/plan/compare.ts';
import type { ClusterPlan, PlanInput } from '../../../shared/plan/plan-input.ts';
import { type PreparedObject, prepareApplication } from '../../../shared/plan/prepare.ts';
import { isMetadataOnly, recordOf } from '../../../shared/plan/stamp.ts';
import { eventually } from '../../controlplane/eventually.ts';
import { sharedCluster } from '../../controlplane/shared-cluster.ts';
import { createForeignClient, type ForeignClient } from './foreign-client.ts';

const CONCURRENCY = 8;

export interface ClusterLab {
  readonly connection: ClusterConnection;
  readonly others: ForeignClient;
  readonly kubeconfig: { readonly path: string; readonly context: string };
  close(): Promise<void>;
}

/** Connects to the shared cluster as Plumbline and as everybody else. */
export async function openClusterLab(): Promise<ClusterLab> {
  const cluster = await sharedCluster();
  const kubeconfig = { path: cluster.kubeconfigPath, context: cluster.context };
  const declaration = clusterSchema.parse({
    apiVersion: API_VERSION,
    kind: 'Cluster',
    metadata: { name: 'shared' },
    spec: { kubeconfig },
  });
  const connector = createKubeconfigConnector({ homeDirectory: '/nowhere', baseDirectory: '/' });
  const connection = await connector.connect(declaration, { userAgent: 'plumbline-test' });
  const others = await createForeignClient(cluster, (options) => connection.discover(options));
  const close = async () => {
    await Promise.all([connection.close(), others.close()]);
  };
  return { connection, others, kubeconfig, close };
}

export interface ApplicationSettings {
  readonly sync?: object;
  readonly ignore?: readonly object[];
}

export interface ApplicationLab {
  readonly fleet: string;
  readonly namespace: string;
  /** Applies what is declared as a run would, and records it; returns what was sent. */
  bringIn(objects: readonly KubeObject[], settings?: ApplicationSettings): Promise<readonly PreparedObject[]>;
  /** Lists everything that a run lists and plans `objects`, the last ones brought in by default. */
  plan(objects?: readonly KubeObject[], settings?: ApplicationSettings): Promise<ClusterPlan>;
  /** Carries out the plan's creates and updates; returns the refusals by object. */
  carryOut(plan: ClusterPlan): Promise<ReadonlyMap<RefKey, string>>;
  forgetRecord(): void;
  remove(): Promise<void>;
}

const APPLICATION = 'web';

/** Runs `body` on an application of its own, which is gone afterwards. */
export async function withLab(cluster: ClusterLab, body: (lab: ApplicationLab) => Promise<void>): Promise<void> {
  const lab = await openApplicationLab(cluster);
  try {
    await body(lab);
  } finally {
    await lab.remove();
  }
}

export async function openApplicationLab(lab: ClusterLab): Promise<ApplicationLab> {
  const unique = randomBytes(5).toString('hex');
  const fleet = `own-${unique}`;
  const namespace = `own-${unique}`;
  await lab.others.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, { manager: 'test' });
  const run = new LabRun(lab, fleet, namespace);
  return {
    fleet,
    namespace,
    bringIn: (objects, settings) => run.bringIn(objects, settings),
    plan: (objects, settings) => run.plan(objects, settings),
    carryOut: (plan) => run.carryOut(plan),
    forgetRecord: () => run.records.clear(),
    remove: () => lab.others.delete({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
  };
}

class LabRun {
  readonly records = new Map<RefKey, ObjectRecord>();
  readonly #lab: ClusterLab;
  readonly #fleet: string;
  readonly #fieldManager: string;
  readonly #namespace: string;
  readonly #paths = new Map<string, ResourcePath>();
  #declared: readonly KubeObject[] = [];
  #settings: ApplicationSettings = {};
  #planned: readonly PreparedObject[] = [];
  #crds: ReadonlyMap<string, string> = new Map();

  constructor(lab: ClusterLab, fleet: string, namespace: string) {
    this.#lab = lab;
    this.#fleet = fleet;
    this.#fieldManager = fieldManagerOf(fleet);
    this.#namespace = namespace;
  }

  async bringIn(
    objects: readonly KubeObject[],
    settings: ApplicationSettings = {},
  ): Promise<readonly PreparedObject[]> {
    this.#declared = objects;
    this.#settings = settings;
    const plan = await this.plan();
    const refused = await this.carryOut(plan);
    if (refused.size > 0) throw new Error(`refused: ${[...refused].join('; ')}`);
    return this.#prepare(objects, settings);
  }

  async plan(objects = this.#declared, settings = this.#settings): Promise<ClusterPlan> {
    const prepared = await this.#prepare(objects, settings);
    this.#planned = prepared;
    await this.#readCrds(prepared);
    const live = new Map<RefKey, KubeObject>();
    for (const object of (await this.#listAll(prepared)).flat()) live.set(formatRef(refOf(object)), object);
    const input: PlanInput = {
      fleet: this.#fleet,
      fieldManager: this.#fieldManager,
      applications: [{ application: desiredApplication(settings), objects: prepared }],
      live,
      parents: this.#parents(),
      record: { clusterUid: 'x', objects: this.records },
      crdOf: (kind) => this.#crds.get(formatGroupKind(kind)),
      servedVersions: (kind) => this.#servedVersions(kind),
      complete: true,
    };
    const plan = planCluster(input);
    const creations = plan.changes.flatMap((change) => (change.op === 'create' ? [change] : []));
    const strangers = await lookBeforeCreate(this.#lab.connection, await this.#served(), creations, CONCURRENCY);
    return strangers.size === 0 ? plan : planCluster({ ...input, strangers });
  }

  #servedVersions(kind: GroupKind): readonly string[] {
    return this.#paths.get(formatGroupKind(kind))?.kind.versions ?? [];
  }

  async carryOut(plan: ClusterPlan): Promise<ReadonlyMap<RefKey, string>> {
    const refused = new Map<RefKey, string>();
    for (const change of plan.changes) {
      if (change.op !== 'create' && change.op !== 'update') continue;
      const key = formatRef(change.ref);
      const prepared = this.#planned.find(({ ref }) => formatRef(ref) === key);
      if (!prepared) throw new Error(`${key} is not planned`);
      const run = {
        connection: this.#lab.connection,
        fieldManager: this.#fieldManager,
        served: await this.#served(),
        releases: new Map(),
      };
      const { sync } = desiredApplication(this.#settings);
      const applied = await applyObject(run, change, { prepared, sync, record: this.records.get(key) });
      if (applied.outcome.result === 'failed') refused.set(key, formatProblem(applied.outcome.problem));
      else if (applied.live) {
        const crd = this.#crds.get(formatGroupKind(change.ref));
        const record = recordOf(applied.live, { ...change, crd }, this.#fieldManager);
        if (record) this.records.set(key, record);
      }
    }
    return refused;
  }

  async #served(): Promise<ServedKinds> {
    return servedKindsOf(await this.#lab.connection.discover());
  }

  async #prepare(objects: readonly KubeObject[], settings: ApplicationSettings): Promise<readonly PreparedObject[]> {
    const { kinds } = await this.#lab.connection.discover();
    const namespacedByKind = new Map(kinds.map((kind) => [formatGroupKind(kind), kind.namespaced]));
    const isNamespaced = (kind: { group: string; kind: string }) => namespacedByKind.get(formatGroupKind(kind));
    return prepareApplication({
      fleet: this.#fleet,
      application: desiredApplication(settings),
      objects: objects.map((object) => ({ object: this.#placed(object), source: { path: 'web/all.yaml' } })),
      isNamespaced,
      digestOf: (text) => createHash('sha256').update(text).digest('hex'),
    });
  }

  #placed(object: KubeObject): KubeObject {
    return { ...object, metadata: { namespace: this.#namespace, ...object.metadata } };
  }

  /** By the fleet's label, each kind in the version that it is declared in, and the kinds that labels get copied to. */
  async #listAll(prepared: readonly PreparedObject[]): Promise<readonly (readonly KubeObject[])[]> {
    const copied = ['Endpoints', 'EndpointSlice'].map((kind) => ({
      kind,
      apiVersion: kind === 'Endpoints' ? 'v1' : 'discovery.k8s.io/v1',
    }));
    for (const object of [...copied, ...prepared.map(({ object }) => object)]) {
      this.#paths.set(
        formatGroupKind({ group: groupOf(object.apiVersion), kind: object.kind }),
        await this.#pathOf(object),
      );
    }
    return Promise.all(
      [...this.#paths.values()].map(async (path) => {
        const labelSelector = `${FLEET_LABEL}=${this.#fleet}`;
        const listed = await this.#lab.connection.list(path, {
          labelSelector,
          metadataOnly: isMetadataOnly(path.kind),
        });
        if (!listed.ok) throw new Error(listed.refusal.message);
        return listed.value;
      }),
    );
  }

  async #readCrds(prepared: readonly PreparedObject[]): Promise<void> {
    if (prepared.every(({ ref }) => !ref.group.endsWith('.example.com'))) return;
    const crds = await this.#lab.others.list({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
    });
    this.#crds = new Map(
      crds.flatMap(({ metadata, spec }) => {
        if (!isJsonObject(spec) || !isJsonObject(spec.names)) return [];
        return [[`${spec.names.kind}.${spec.group}`, `${metadata.uid}/${metadata.generation}`] as const];
      }),
    );
  }

  #parents() {
    const kinds = [...this.#paths.values()].map(({ kind }) => kind);
    const settings = { prune: true, allowDeletionOf: [], dependsOn: [] };
    const parent = readParent(
      parentObject({ fleet: this.#fleet, application: APPLICATION, kinds, namespaces: [this.#namespace], settings }),
    );
    return parent ? [parent] : [];
  }

  async #pathOf(object: { readonly apiVersion: string; readonly kind: string }): Promise<ResourcePath> {
    const wanted = formatGroupKind({ group: groupOf(object.apiVersion), kind: object.kind });
    const find = async (fresh: boolean) =>
      (await this.#lab.connection.discover({ fresh })).kinds.find((one) => formatGroupKind(one) === wanted);
    const kind =
      (await find(false)) ??
      (await eventually(
        () => find(true),
        (found) => found !== undefined,
      ));
    if (!kind) throw new Error(`${wanted} is not served`);
    return { kind, version: versionOf(object.apiVersion) };
  }
}

function desiredApplication(settings: ApplicationSettings): DesiredApplication {
  const { spec } = applicationSchema.parse({
    apiVersion: API_VERSION,
    kind: 'Application',
    metadata: { name: APPLICATION },
    spec: { source: { path: 'web' }, clusters: { all: true }, ...settings },
  });
  return {
    name: APPLICATION,
    commit: { revision: '0'.repeat(40), subject: '', author: '', committedAtMs: 0 },
    inputDigest: '',
    renderings: [],
    dependsOn: [],
    sync: spec.sync,
    ignore: spec.ignore,
    suspend: false,
  };
}
