import type { JsonObject } from '../../../shared/model/json.ts';
import { HEALTHY, judges, liveObjects } from './judge.ts';

const claim = liveObjects('v1', 'PersistentVolumeClaim');
const service = liveObjects('v1', 'Service');
const crd = liveObjects('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
const budget = liveObjects('policy/v1', 'PodDisruptionBudget');
const ingress = liveObjects('networking.k8s.io/v1', 'Ingress');
const autoscaler = liveObjects('autoscaling/v2', 'HorizontalPodAutoscaler');
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
  'a load balancer is progressing until it has an address',
  service({ spec: { type: 'LoadBalancer', clusterIP: '10.0.0.7' }, status: {} }),
  ['progressing', 'its load balancer has no address yet'],
);
judges(
  'a load balancer with an address is healthy',
  service({
    spec: { type: 'LoadBalancer', clusterIP: '10.0.0.7' },
    status: { loadBalancer: { ingress: [{ hostname: 'a.example' }] } },
  }),
  HEALTHY,
);
judges('an Ingress without an address is progressing', ingress({ status: {} }), [
  'progressing',
  'status.loadBalancer.ingress is not set yet',
]);
judges(
  'an Ingress with an address is healthy',
  ingress({ status: { loadBalancer: { ingress: [{ ip: '10.0.0.9' }] } } }),
  HEALTHY,
);
judges(
  'an autoscaler that gets no metrics is degraded',
  autoscaler({
    status: {
      conditions: [
        { type: 'AbleToScale', status: 'True', reason: 'SucceededGetScale' },
        { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'no metrics' },
      ],
    },
  }),
  ['degraded', 'ScalingActive is False: FailedGetResourceMetric: no metrics'],
);
judges(
  'an autoscaler of version 1 is read by its annotation',
  autoscaler({
    metadata: {
      annotations: {
        'autoscaling.alpha.kubernetes.io/conditions':
          '[{"type":"AbleToScale","status":"False","reason":"FailedGetScale"}]',
      },
    },
  }),
  ['degraded', 'AbleToScale is False: FailedGetScale'],
);
judges(
  'an autoscaler with an annotation that is no JSON is judged by its status',
  autoscaler({ metadata: { annotations: { 'autoscaling.alpha.kubernetes.io/conditions': '{' } } }),
  ['progressing', 'its status does not say how it is'],
);
judges(
  'an autoscaler that can scale is healthy',
  autoscaler({ status: { conditions: [{ type: 'AbleToScale', status: 'True' }] } }),
  HEALTHY,
);
judges(
  'an autoscaler whose target is scaled to zero rests',
  autoscaler({
    status: {
      conditions: [
        { type: 'AbleToScale', status: 'True' },
        { type: 'ScalingActive', status: 'False', reason: 'ScalingDisabled' },
      ],
    },
  }),
  ['suspended', 'ScalingActive is False: ScalingDisabled'],
);
judges(
  'an API service that is not available is progressing',
  liveObjects(
    'apiregistration.k8s.io/v1',
    'APIService',
  )({ status: { conditions: [{ type: 'Available', status: 'False', reason: 'MissingEndpoints' }] } }),
  ['progressing', 'Available is False: MissingEndpoints'],
);
judges('a budget that nobody has seen yet is progressing', budget({}), [
  'progressing',
  'its controller has not seen it yet',
]);
for (const kind of ['Deployment', 'ReplicaSet', 'DaemonSet']) {
  judges(
    `a ${kind} of the extensions group is judged as one of apps`,
    liveObjects(
      'extensions/v1beta1',
      kind,
    )({
      metadata: { generation: 1 },
      spec: { replicas: 2 },
      status: {
        observedGeneration: 1,
        desiredNumberScheduled: 2,
        fullyLabeledReplicas: 1,
        replicas: 1,
        currentNumberScheduled: 1,
      },
    }),
    [
      'progressing',
      { Deployment: '1 of 2 replicas created', ReplicaSet: '1 of 2 replicas labelled' }[kind] ??
        '1 of 2 nodes have a Pod',
    ],
  );
}

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
