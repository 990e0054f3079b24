import type { JsonObject } from '../../../shared/model/json.ts';
import { HEALTHY, judges, liveObjects } from './judge.ts';

const claim = liveObjects('v1', 'PersistentVolumeClaim');
const service = liveObjects('v1', 'Service');
const crd = liveObjects('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
const budget = liveObjects('policy/v1', 'PodDisruptionBudget');
const conditions = (...list: readonly JsonObject[]) =>
  crd({ spec: { group: 'shop.example' }, status: { conditions: list } });

judges('a bound claim is healthy', claim({ status: { phase: 'Bound' } }), HEALTHY);
judges('a claim that is not bound is progressing', claim({ status: { phase: 'Pending' } }), [
  'progressing',
  'not bound to a volume yet (phase Pending); a storage class with WaitForFirstConsumer waits for the first Pod that uses it',
]);
judges('a claim that lost its volume is degraded', claim({ spec: { volumeName: 'pv-1' }, status: { phase: 'Lost' } }), [
  'degraded',
  'its volume pv-1 is lost',
]);

judges('a Service inside the cluster is healthy', service({ spec: { type: 'ClusterIP' } }), HEALTHY);
judges(
  'a load balancer without a cluster IP is progressing',
  service({ spec: { type: 'LoadBalancer', clusterIP: '' } }),
  ['progressing', 'no cluster IP assigned yet'],
);
judges(
  'a load balancer is healthy before its address is known',
  service({ spec: { type: 'LoadBalancer', clusterIP: '10.0.0.7' }, status: {} }),
  HEALTHY,
);

judges(
  'a budget that allows no disruption is healthy',
  budget({
    metadata: { generation: 1 },
    status: { observedGeneration: 1, conditions: [{ type: 'DisruptionAllowed', status: 'False' }] },
  }),
  HEALTHY,
);
judges('a ConfigMap is healthy', liveObjects('v1', 'ConfigMap')({}), HEALTHY);
judges('a Secret is healthy', liveObjects('v1', 'Secret')({}), HEALTHY);

judges(
  'an established CRD is healthy',
  conditions({ type: 'NamesAccepted', status: 'True' }, { type: 'Established', status: 'True' }),
  HEALTHY,
);
judges(
  'a CRD whose names are taken is degraded',
  conditions({
    type: 'NamesAccepted',
    status: 'False',
    reason: 'PluralConflict',
    message: '"shops" is already in use',
  }),
  ['degraded', 'NamesAccepted is False: PluralConflict: "shops" is already in use'],
);
judges(
  'a CRD that is being installed is progressing',
  conditions({ type: 'Established', status: 'False', reason: 'Installing' }),
  ['progressing', 'the API server is installing it'],
);
judges(
  'a CRD that cannot be established is degraded',
  conditions({ type: 'Established', status: 'False', reason: 'NotAccepted' }),
  ['degraded', 'Established is False: NotAccepted'],
);
judges('a CRD without conditions is progressing', crd({ spec: {} }), [
  'progressing',
  'the API server is installing it',
]);
judges('a CRD of which only the metadata was read is not doubted', crd({}), HEALTHY);
