import type { HealthVerdict } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { KindRule } from '../kind-rule.ts';
import { textAt } from '../read-field.ts';
import type { KindRules } from '../rule-for.ts';
import { degraded, HEALTHY, progressing, someOf } from '../verdict.ts';

const prometheus: KindRule = {
  suspendedBy: ['spec.paused'],
  steps: [
    // `Degraded` is a status of its own there: some Pods serve.
    { condition: 'Available', is: { True: 'healthy', False: 'degraded', '*': 'progressing' } },
  ],
};
const grafana: KindRule = {
  steps: [
    { field: 'status.stageStatus', is: { failed: 'degraded' } },
    { field: 'status.stage', is: { complete: 'healthy', '*': 'progressing' } },
    { field: 'status.NoMatchingInstances', is: { true: 'degraded' } },
    { condition: '*Synchronized', is: { True: 'healthy', False: 'degraded' } },
    { field: 'status.hash', is: { '*': 'healthy' } },
  ],
};
const keptn: KindRule = {
  steps: [
    ...['status.status', 'status.overallStatus', 'status.deploymentStatus'].map((field) => ({
      field,
      is: {
        Succeeded: 'healthy',
        Warning: 'healthy',
        Failed: 'degraded',
        Deprecated: 'healthy',
        '*': 'progressing',
      } as const,
    })),
  ],
};

/** Returns the verdict for a collector, whose replicas are counted in one text: `1/3`. */
function assessCollector(object: KubeObject): HealthVerdict {
  const counted = /^(\d+)\/(\d+)$/.exec(textAt(object, 'status', 'scale', 'statusReplicas'));
  if (counted === null) return progressing('its controller has not counted its replicas yet');
  const [ready, wanted] = [Number(counted[1]), Number(counted[2])];
  if (ready >= wanted) return HEALTHY;
  const reason = someOf(ready, wanted, 'replicas ready');
  return ready === 0 ? degraded(reason) : progressing(reason);
}

/** What watches others. */
export const MONITORING: KindRules = {
  'Prometheus.monitoring.coreos.com': prometheus,
  'PrometheusAgent.monitoring.coreos.com': prometheus,
  'Alertmanager.monitoring.coreos.com': prometheus,
  'ThanosRuler.monitoring.coreos.com': prometheus,
  '*.operator.victoriametrics.com': {
    suspendedBy: ['spec.paused'],
    steps: [
      {
        field: 'status.updateStatus',
        is: { operational: 'healthy', failed: 'degraded', paused: 'suspended', '*': 'progressing' },
      },
    ],
  },
  '*.grafana.integreatly.org': grafana,
  '*.grafana-org-operator.kubitus-project.gitlab.io': {
    steps: [{ condition: 'Ready', is: { True: 'healthy', False: 'degraded' } }],
  },
  'Jaeger.jaegertracing.io': {
    steps: [{ field: 'status.phase', is: { Running: 'healthy', Failed: 'degraded', '*': 'progressing' } }],
  },
  'OpenTelemetryCollector.opentelemetry.io': assessCollector,
  'DatadogMetric.datadoghq.com': {
    steps: [
      { condition: 'Error', is: { True: 'degraded' } },
      { condition: 'Valid', is: { True: 'healthy', False: 'degraded' } },
    ],
  },
  '*.coralogix.com': { steps: [{ condition: 'RemoteSynced', is: { True: 'healthy', False: 'degraded' } }] },
  '*.core.humio.com': {
    steps: [
      {
        field: 'status.state',
        is: {
          Exists: 'healthy',
          Running: 'healthy',
          NotFound: 'missing',
          Unknown: 'unknown',
          ConfigError: 'degraded',
          '*': 'progressing',
        },
      },
    ],
  },
  '*.lifecycle.keptn.sh': keptn,
  'Analysis.metrics.keptn.sh': {
    steps: [
      { field: 'status.pass', is: { true: 'healthy' } },
      { field: 'status.warning', is: { true: 'healthy' } },
      { field: 'status.state', is: { Completed: 'degraded', '*': 'progressing' } },
    ],
  },
  'KeptnMetric.metrics.keptn.sh': {
    steps: [
      { field: 'status.errMsg', is: { '*': 'degraded' } },
      { field: 'status.value', is: { '*': 'healthy' } },
    ],
  },
};
