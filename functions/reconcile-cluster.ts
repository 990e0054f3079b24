/** Brings one cluster to its desired state. Woken by nudges of its network's queue; knows no Git and no renderer. */
import type { FunctionSettings } from '../shared/config/function-settings.ts';
import { createGrantMemory } from '../shared/job/reconcile/grant-memory.ts';
import { DEFAULT_RUN_LIMITS, type ReconcileDeps } from '../shared/job/reconcile/reconcile-deps.ts';
import { reconcileCluster } from '../shared/job/reconcile-cluster.ts';
import { newNonce, steadyClock } from './base/clock.ts';
import type { FunctionWorld } from './base/invocation.ts';
import { type NotifyingWork, notifyingJob } from './base/notifying-job.ts';
import { nudgeFunction } from './base/nudge-function.ts';
import { openBlobs } from './base/open-blobs.ts';
import { openClusters } from './base/open-clusters.ts';
import { openNotifier } from './base/open-notifier.ts';
import { messagesOfNetwork, openQueue } from './base/open-queue.ts';
import { openState } from './base/open-state.ts';
import { checkEveryMs, runWithin } from './base/time-limits.ts';

type Given = 'state' | 'queue' | 'clusters' | 'newNonce' | 'monotonicMs';
type ReconcileParts = NotifyingWork & Pick<ReconcileDeps, Given>;

export function reconcileClusterFunction(open: (settings: FunctionSettings) => ReconcileParts, world?: FunctionWorld) {
  return nudgeFunction(
    'reconcile-cluster',
    (settings) => {
      const { place, ...parts } = open(settings);
      const network = settings.optional('network') ?? '';
      const grants = createGrantMemory();
      const base = { ...DEFAULT_RUN_LIMITS, checkEveryMs: checkEveryMs(settings) };
      return {
        place,
        jobs: (invocation) => ({
          reconcileCluster: (target) =>
            notifyingJob(parts, invocation, async (told) => {
              const limits = { ...base, runMs: runWithin(invocation.remainingMs(), base.runMs) };
              await reconcileCluster(
                { ...parts, ...told, network, limits, grants },
                { ...target, trace: invocation.trace },
              );
            }),
        }),
      };
    },
    world,
  );
}

export const handler = reconcileClusterFunction((settings) => ({
  place: messagesOfNetwork(settings),
  state: openState(settings),
  queue: openQueue(settings),
  openBlobs: openBlobs(settings),
  clusters: openClusters(settings),
  openNotifier: openNotifier(settings),
  newNonce,
  monotonicMs: steadyClock(),
}));
