/** Plans the fleet: reads Git, writes what each cluster should look like, asks for renderings. Woken by nudges. */
import { lateDirectory } from '../shared/adapters/eks/late-eks.ts';
import { readFleetPlace } from '../shared/config/fleet-place.ts';
import type { FunctionSettings } from '../shared/config/function-settings.ts';
import { DEFAULT_PLAN_LIMITS, type PlanDeps } from '../shared/job/plan-fleet/plan-deps.ts';
import { planFleet } from '../shared/job/plan-fleet.ts';
import { newNonce, steadyClock } from './base/clock.ts';
import type { FunctionWorld } from './base/invocation.ts';
import { type NotifyingWork, notifyingJob } from './base/notifying-job.ts';
import { nudgeFunction } from './base/nudge-function.ts';
import { openBlobs } from './base/open-blobs.ts';
import { openNotifier } from './base/open-notifier.ts';
import { openOutsideValues } from './base/open-outside-values.ts';
import { messagesFrom, openQueue } from './base/open-queue.ts';
import { openSecrets } from './base/open-secrets.ts';
import { openSources } from './base/open-sources.ts';
import { openState } from './base/open-state.ts';
import { rendererVersions } from './base/renderer-versions.ts';
import { checkEveryMs, runWithin } from './base/time-limits.ts';

type PlanParts = NotifyingWork & Omit<PlanDeps, 'blobs' | 'limits' | 'notifier' | 'versions'>;

export function planFleetFunction(open: (settings: FunctionSettings) => PlanParts, world?: FunctionWorld) {
  return nudgeFunction(
    'plan-fleet',
    (settings) => {
      const { place, ...parts } = open(settings);
      const target = {
        fleet: settings.text('fleet'),
        branch: settings.text('branch'),
        folder: settings.text('folder'),
      };
      const versions = rendererVersions(settings);
      const base = { ...DEFAULT_PLAN_LIMITS, recheckMs: checkEveryMs(settings) };
      return {
        place,
        jobs: (invocation) => ({
          planFleet: ({ hop }) =>
            notifyingJob(parts, invocation, async (told) => {
              const limits = { ...base, runMs: runWithin(invocation.remainingMs(), base.runMs) };
              await planFleet({ ...parts, ...told, versions, limits }, { ...target, hop, trace: invocation.trace });
            }),
        }),
      };
    },
    world,
  );
}

export const handler = planFleetFunction((settings) => ({
  place: messagesFrom(settings, settings.text('fleetQueueUrl')),
  state: openState(settings),
  queue: openQueue(settings),
  openBlobs: openBlobs(settings),
  sources: openSources(settings, readFleetPlace(settings).repository, openSecrets()),
  directory: lateDirectory({ fleet: settings.text('fleet'), externalId: settings.optional('externalId') }),
  outsideValues: openOutsideValues(),
  openNotifier: openNotifier(settings),
  ...{ newNonce, monotonicMs: steadyClock() },
}));
