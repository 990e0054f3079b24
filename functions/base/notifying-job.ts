import type { BlobStore } from '../../shared/job/ports.ts';
import type { Invocation } from './invocation.ts';
import type { NudgeWork } from './nudge-function.ts';
import type { InvocationNotifier, OpenNotifier } from './open-notifier.ts';

/** What planner and workers are given alike. */
export interface NotifyingWork extends Pick<NudgeWork, 'place'> {
  readonly openBlobs: () => Promise<BlobStore>;
  readonly openNotifier: OpenNotifier;
}

/** Runs a job with blobs and a notifier; what was told is sent even when the job fails. */
export async function notifyingJob(
  { openBlobs, openNotifier }: Pick<NotifyingWork, 'openBlobs' | 'openNotifier'>,
  { telemetry }: Invocation,
  job: (parts: { readonly blobs: BlobStore; readonly notifier: InvocationNotifier }) => Promise<void>,
): Promise<void> {
  const notifier = openNotifier(telemetry);
  try {
    await job({ blobs: await openBlobs(), notifier });
  } finally {
    await notifier.flush();
  }
}
