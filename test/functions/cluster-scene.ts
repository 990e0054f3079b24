/** A worker's world on fakes: one cluster with one application, whose objects a test gives. */
import type { reconcileClusterFunction } from '../../functions/reconcile-cluster.ts';
import { writeContentBlob } from '../../shared/job/blob-json.ts';
import { renderingKeyOf, writeRendering } from '../../shared/job/plan-fleet/rendering-blobs.ts';
import type { ClusterConnection } from '../../shared/job/ports.ts';
import { clusterSchema } from '../../shared/model/declarations.ts';
import type { DesiredState } from '../../shared/model/desired-state.ts';
import { syncPolicySchema } from '../../shared/model/sync-policy.ts';
import { readObjects } from '../../shared/render/read-objects.ts';
import { FakeBlobStore } from '../fakes/fake-blob-store.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';
import { FakeQueue } from '../fakes/fake-queue.ts';
import { FakeStateStore } from '../fakes/fake-state-store.ts';

type Parts = ReturnType<Parameters<typeof reconcileClusterFunction>[0]>;

export interface ClusterScene {
  readonly state: FakeStateStore;
  readonly queue: FakeQueue;
  readonly cluster: FakeCluster;
  readonly parts: Omit<Parts, 'place' | 'openNotifier'>;
  /** Says what is desired from now on, as the planner would, committed at `committedAtMs`. */
  want(yaml: string, committedAtMs: number): Promise<void>;
}

/** `wrap`: what stands between the worker and the cluster. */
export function clusterScene(
  wrap: (connection: ClusterConnection) => ClusterConnection = (connection) => connection,
): ClusterScene {
  const [state, queue, blobs] = [new FakeStateStore(1_800_000_000_000), new FakeQueue(), new FakeBlobStore()];
  const cluster = new FakeCluster();
  let [nonces, ticket] = [0, 0];
  return {
    state,
    queue,
    cluster,
    parts: {
      state,
      queue,
      openBlobs: async () => blobs,
      clusters: { connect: async () => wrap(cluster.connect()) },
      newNonce: () => `nonce-${nonces++}`,
      monotonicMs: () => performance.now(),
    },
    async want(yaml, committedAtMs) {
      ticket += 1;
      const commit = { revision: String(ticket).repeat(40), subject: 'a change', author: 'Ana', committedAtMs };
      const objects = readObjects(yaml, { path: 'web.yaml' });
      const inputDigest = blobs.digest(yaml);
      await writeRendering(blobs, { inputDigest, objects, warnings: [] });
      const rendering = renderingKeyOf(inputDigest);
      const declaration = { metadata: { name: 'prod' }, spec: { kubeconfig: { context: 'prod' } } };
      const desired: DesiredState = {
        fleet: 'acme',
        cluster: clusterSchema.parse({ apiVersion: 'plumbline.dev/v1', kind: 'Cluster', ...declaration }),
        applications: [
          {
            ...{ name: 'web', commit, inputDigest, renderings: [rendering], namespace: 'web', createNamespace: 'web' },
            ...{ dependsOn: [], ignore: [], suspend: false, sync: syncPolicySchema.parse({}) },
          },
        ],
        unavailable: [],
      };
      const blob = await writeContentBlob(blobs, 'desired', desired);
      await state.writeDesired('acme', 'prod', { blob, ticket, commit });
    },
  };
}
