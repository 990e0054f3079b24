import type { JsonObject } from '../../../shared/model/json.ts';
import { HEALTHY, judges, liveObjects } from './judge.ts';

const daemonSet = liveObjects('apps/v1', 'DaemonSet');
const whole = {
  observedGeneration: 1,
  desiredNumberScheduled: 2,
  currentNumberScheduled: 2,
  updatedNumberScheduled: 2,
  numberAvailable: 2,
  numberReady: 2,
};
const metadata = { generation: 1 };
const on2 = (status: JsonObject, spec: JsonObject = {}) =>
  daemonSet({ metadata, spec, status: { ...whole, ...status } });

judges('a DaemonSet with a ready Pod on every node is healthy', on2({}), HEALTHY);
judges('a DaemonSet without a generation is progressing', daemonSet({ status: whole }), [
  'progressing',
  'metadata.generation is not set yet',
]);
judges('a DaemonSet that its controller has not seen is progressing', daemonSet({ metadata, status: {} }), [
  'progressing',
  'its controller has not seen it yet',
]);
judges(
  'a DaemonSet without a count of nodes is progressing',
  daemonSet({ metadata, status: { observedGeneration: 1 } }),
  ['progressing', 'the number of its nodes is not known yet'],
);
judges('a DaemonSet waits for Pods', on2({ currentNumberScheduled: 1 }), ['progressing', '1 of 2 nodes have a Pod']);
judges('a DaemonSet waits for updated Pods', on2({ updatedNumberScheduled: 1 }), [
  'progressing',
  '1 of 2 Pods updated',
]);
judges('a DaemonSet waits for available Pods', on2({ numberAvailable: 0 }), ['progressing', '0 of 2 Pods available']);
judges('a DaemonSet waits for ready Pods', on2({ numberReady: 1 }), ['progressing', '1 of 2 Pods ready']);
judges(
  'a DaemonSet for which no node is meant is healthy',
  daemonSet({ metadata, status: { observedGeneration: 1, desiredNumberScheduled: 0 } }),
  HEALTHY,
);
judges(
  'a DaemonSet under OnDelete does not wait for updated Pods',
  on2({ updatedNumberScheduled: 0 }, { updateStrategy: { type: 'OnDelete' } }),
  HEALTHY,
);
