import type { JsonObject } from '../../../shared/model/json.ts';
import { HEALTHY, judges, liveObjects } from './judge.ts';

const pod = liveObjects('v1', 'Pod');
const status = (parts: JsonObject) => pod({ status: parts });
const crashing = {
  name: 'app',
  ready: false,
  restartCount: 5,
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 2m40s restarting failed container' } },
  lastState: { terminated: { exitCode: 1, reason: 'Error' } },
};
const unscheduledSince = (lastTransitionTime: string) =>
  status({
    phase: 'Pending',
    conditions: [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: '0/3 nodes are available: 3 Insufficient cpu.',
        lastTransitionTime,
      },
    ],
  });

judges('a Pod that succeeded is healthy', status({ phase: 'Succeeded' }), HEALTHY);
judges(
  'a failed Pod is degraded, because nothing will bring it back',
  status({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }),
  ['degraded', 'failed: Evicted: The node was low on resource: memory.'],
);
judges(
  'a failed Pod without a reason names the exit code',
  status({ phase: 'Failed', containerStatuses: [{ name: 'app', state: { terminated: { exitCode: 3 } } }] }),
  ['degraded', 'failed: container app ended with exit code 3'],
);
judges(
  'a running Pod that is ready is healthy',
  status({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }),
  HEALTHY,
);
for (const restartPolicy of ['Never', 'OnFailure']) {
  judges(
    `a running Pod that restarts ${restartPolicy} is progressing until it ends`,
    pod({ spec: { restartPolicy }, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } }),
    ['progressing', 'it runs, and has not ended yet'],
  );
}
judges('a running Pod in a crash loop is degraded', status({ phase: 'Running', containerStatuses: [crashing] }), [
  'degraded',
  'container app keeps crashing: exit code 1, 5 restarts',
]);
judges(
  'a Pod whose init container is in a crash loop is degraded',
  status({ phase: 'Pending', initContainerStatuses: [crashing] }),
  ['degraded', 'container app keeps crashing: exit code 1, 5 restarts'],
);
judges(
  'a running Pod that is not ready counts its ready containers',
  status({
    phase: 'Running',
    containerStatuses: [
      { name: 'app', ready: false, state: { running: {} } },
      { name: 'proxy', ready: true, state: { running: {} } },
      { name: 'logs', ready: true, state: { running: {} } },
      { name: 'ended', ready: false, state: { terminated: {} } },
    ],
  }),
  ['progressing', '2 of 3 containers ready'],
);
judges('a Pod without a node for more than 15 s is degraded', unscheduledSince('2026-11-21T11:59:44Z'), [
  'degraded',
  'no node takes it: 0/3 nodes are available: 3 Insufficient cpu.',
]);
judges('a Pod without a node for 15 s is progressing, a node may come', unscheduledSince('2026-11-21T11:59:45Z'), [
  'progressing',
  'no node takes it: 0/3 nodes are available: 3 Insufficient cpu.',
]);
judges(
  'a Pod that cannot pull its image is progressing and names the image',
  status({
    phase: 'Pending',
    containerStatuses: [
      {
        name: 'app',
        image: 'shop/api:9',
        state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } },
      },
    ],
  }),
  ['progressing', 'container app cannot pull image shop/api:9 (ImagePullBackOff): Back-off pulling image'],
);
judges(
  'a Pod whose container lacks its Secret says so',
  status({
    phase: 'Pending',
    containerStatuses: [
      { name: 'app', state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "db" not found' } } },
    ],
  }),
  ['progressing', 'container app cannot start (CreateContainerConfigError): secret "db" not found'],
);
judges(
  'a pending Pod is progressing',
  status({
    phase: 'Pending',
    containerStatuses: [{ name: 'app', state: { waiting: { reason: 'ContainerCreating' } } }],
  }),
  ['progressing', 'its containers are not started yet'],
);
judges('a Pod without a phase is progressing', pod({}), ['progressing', 'no node has seen it yet']);
judges('a Pod in a phase that we do not know is progressing', status({ phase: 'Unknown' }), [
  'progressing',
  'phase Unknown',
]);
