/** Brings one cluster to its desired state. Woken by nudges of its network's queue; knows no Git and no renderer. */
import type { FunctionSettings } from '../shared/config/function-settings.ts';
import type { BlobStore } from '../shared/job/ports.ts';
import { DEFAULT_RUN_LIMITS, type ReconcileDeps } from '../shared/job/reconcile/reconcile-deps.ts';
import { reconcileCluster } from '../shared/job/reconcile-cluster.ts';
import { newNonce, steadyClock } from './base/clock.ts';
import type { FunctionWorld } from './base/invocation.ts';
import { type NudgeWork, nudgeFunction } from './base/nudge-function.ts';
import { openBlobs } from './base/open-blobs.ts';
import { openClusters } from './base/open-clusters.ts';
import { type OpenNotifier, openNotifier } from './base/open-notifier.ts';
import { messagesFrom, openQueue } from './base/open-queue.ts';
import { openState } from './base/open-state.ts';
import { checkEveryMs, runWithin } from './base/time-limits.ts';

type Given = 'state' | 'queue' | 'clusters' | 'newNonce' | 'monotonicMs';

interface ReconcileParts extends Pick<NudgeWork, 'place'>, Pick<ReconcileDeps, Given> {
  readonly openBlobs: () => Promise<BlobStore>;
  readonly openNotifier: OpenNotifier;
}

export function reconcileClusterFunction(open: (settings: FunctionSettings) => ReconcileParts, world?: FunctionWorld) {
  const openWork = (settings: FunctionSettings): NudgeWork => {
    const { place, openBlobs, openNotifier, ...parts } = open(settings);
    const network = settings.optional('network') ?? '';
    const base = { ...DEFAULT_RUN_LIMITS, checkEveryMs: checkEveryMs(settings) };
    return {
      place,
      jobs: ({ telemetry, trace, remainingMs }) => ({
        reconcileCluster: async (target) => {
          const notifier = openNotifier(telemetry);
          const limits = { ...base, runMs: runWithin(remainingMs(), base.runMs) };
          try {
            const deps = { ...parts, blobs: await openBlobs(), notifier, limits, network };
            await reconcileCluster(deps, { ...target, trace });
          } finally {
            await notifier.flush();
          }
        },
      }),
    };
  };
  return nudgeFunction('reconcile-cluster', openWork, world);
}

export const handler = reconcileClusterFunction((settings) => ({
  place: messagesFrom(settings, settings.texts('clusterQueueUrls').get(settings.optional('network') ?? '') ?? ''),
  state: openState(settings),
  queue: openQueue(settings),
  openBlobs: openBlobs(settings),
  clusters: openClusters(settings),
  openNotifier: openNotifier(settings),
  newNonce,
  monotonicMs: steadyClock(),
}));
