import { HEALTHY, judges, liveObjects } from './judge.ts';

const job = liveObjects('batch/v1', 'Job');
const cronJob = liveObjects('batch/v1', 'CronJob');
const startTime = '2026-11-21T11:59:00Z';

judges(
  'a complete Job is healthy',
  job({ status: { startTime, conditions: [{ type: 'Complete', status: 'True' }] } }),
  HEALTHY,
);
judges(
  'a failed Job is degraded',
  job({
    status: {
      startTime,
      conditions: [
        {
          type: 'Failed',
          status: 'True',
          reason: 'BackoffLimitExceeded',
          message: 'Job has reached the specified backoff limit',
        },
      ],
    },
  }),
  ['degraded', 'the Job failed: Job has reached the specified backoff limit'],
);
judges('a suspended Job is suspended', job({ spec: { suspend: true }, status: {} }), [
  'suspended',
  'suspended by spec.suspend',
]);
judges(
  'a Job that completed before it was suspended is healthy',
  job({ spec: { suspend: true }, status: { conditions: [{ type: 'Complete', status: 'True' }] } }),
  HEALTHY,
);
judges('a Job without a start time is progressing', job({}), ['progressing', 'the Job has not started yet']);
judges(
  'a running Job is progressing, so that later waves wait for its end',
  job({ status: { startTime, active: 1 } }),
  ['progressing', 'the Job is running: 1 Pod active, 0 succeeded'],
);
judges(
  'a running Job counts the Pods that failed',
  job({ status: { startTime, active: 2, succeeded: 1, failed: 3 } }),
  ['progressing', 'the Job is running: 2 Pods active, 1 succeeded, 3 failed'],
);
judges('a CronJob is healthy as soon as it exists', cronJob({}), HEALTHY);
judges('a suspended CronJob is suspended', cronJob({ spec: { suspend: true } }), [
  'suspended',
  'suspended by spec.suspend',
]);
