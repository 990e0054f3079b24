/** A namespace of its own for one run of the contract, the objects that it works on, and what its tests ask. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ApiResult, ClusterConnection, ResourcePath } from '../../shared/job/ports.ts';
import type { ApiRefusal } from '../../shared/model/api-refusal.ts';
import { isJsonObject, type Json } from '../../shared/model/json.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import type { ObjectRef } from '../../shared/model/object-ref.ts';

export const OURS = { fieldManager: 'plumbline-contract', force: false };
export const THEIRS = { fieldManager: 'someone-else', force: false };

export interface ClusterHarness {
  readonly suffix: string;
  readonly namespace: string;
  readonly cluster: ClusterConnection;
  /** Another connection to the same cluster. */
  connect(): Promise<ClusterConnection>;
  configMap(
    name: string,
    data: Readonly<Record<string, string>>,
    labels?: Readonly<Record<string, string>>,
  ): KubeObject;
  configMapRef(name: string): ObjectRef;
  deployment(name: string, app: string, fields?: Readonly<Record<string, Json>>): KubeObject;
}

export function createClusterHarness(connect: () => Promise<ClusterConnection>) {
  const suffix = randomBytes(4).toString('hex');
  const namespace = `contract-${suffix}`;
  let cluster: ClusterConnection | undefined;
  const namespaceRef: ObjectRef = { group: '', kind: 'Namespace', namespace: '', name: namespace };
  const harness: ClusterHarness = {
    suffix,
    namespace,
    get cluster() {
      assert.ok(cluster, 'not connected yet');
      return cluster;
    },
    connect,
    configMap: (name, data, labels) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace, ...(labels === undefined ? {} : { labels }) },
      data,
    }),
    configMapRef: (name) => ({ group: '', kind: 'ConfigMap', namespace, name }),
    deployment: (name, app, fields = {}) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: {
        ...fields,
        selector: { matchLabels: { app } },
        template: { metadata: { labels: { app } }, spec: { containers: [{ name: 'main', image: 'example.com/a:1' }] } },
      },
    }),
  };
  const setUp = async () => {
    cluster = await connect();
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    accepted(await cluster.apply(await pathOf(cluster, 'Namespace'), object, OURS));
  };
  const tearDown = async () => {
    const path = await pathOf(harness.cluster, 'Namespace');
    const found = await harness.cluster.get(path, namespaceRef);
    if (found.ok) await harness.cluster.delete(path, namespaceRef, { uid: uidOf(found.value) });
    await harness.cluster.close();
  };
  return { harness, setUp, tearDown };
}

export async function pathOf(cluster: ClusterConnection, kindName: string): Promise<ResourcePath> {
  const { kinds } = await cluster.discover();
  const kind = kinds.find((served) => served.kind === kindName && !served.group.includes('plumbline.test'));
  const version = kind?.versions[0];
  assert.ok(kind && version, `${kindName} is not served`);
  return { kind, version };
}

export function accepted<T>(result: ApiResult<T>): T {
  assert.ok(result.ok, result.ok ? '' : `${result.refusal.status} ${result.refusal.message}`);
  return result.value;
}

export function refused<T>(result: ApiResult<T>): ApiRefusal {
  assert.ok(!result.ok, 'the request was not refused');
  return result.refusal;
}

export function ownedBy(object: KubeObject, manager: string) {
  return object.metadata.managedFields?.find((entry) => entry.manager === manager)?.fieldsV1;
}

export function uidOf(object: KubeObject): string {
  assert.ok(object.metadata.uid);
  return object.metadata.uid;
}

export function containerNames(object: KubeObject): readonly Json[] {
  const { spec } = object as unknown as { spec: { template: { spec: { containers: readonly { name: string }[] } } } };
  return spec.template.spec.containers.map((container) => container.name).sort();
}

/** Times in managed fields are whole seconds: only later would a changed one show. */
export async function pastTheSecond(object: KubeObject): Promise<void> {
  const created = Date.parse(object.metadata.creationTimestamp ?? '');
  while (Date.now() < created + 1_000) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Waits until the API server serves the kind. */
export async function established(cluster: ClusterConnection, path: ResourcePath, crd: KubeObject): Promise<void> {
  const ref = { group: path.kind.group, kind: crd.kind, namespace: '', name: crd.metadata.name };
  for (let tries = 0; tries < 100; tries += 1) {
    const { status } = accepted(await cluster.get(path, ref));
    const conditions =
      isJsonObject(status) && Array.isArray(status.conditions) ? status.conditions.filter(isJsonObject) : [];
    if (conditions.some((condition) => condition.type === 'Established' && condition.status === 'True')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`${crd.metadata.name} is not established`);
}

export function widgetCrd(group: string): KubeObject {
  const spec = { type: 'object', properties: { size: { type: 'integer', format: 'int64' } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Widget', listKind: 'WidgetList', plural: 'widgets', singular: 'widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  };
}
