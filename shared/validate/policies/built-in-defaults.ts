/**
 * What the API server fills in before policies see an object, as far as policies ask for it: the fields of Pods,
 * workloads and Services that have a fixed default.
 * Source: pkg/apis/{core,apps,batch}/v1/defaults.go of Kubernetes v1.36.
 */
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { KubeObject } from '../../model/kube-object.ts';

const POD: JsonObject = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
};
const CONTAINER: JsonObject = {
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
};
const WORKLOADS: Readonly<Record<string, JsonObject>> = {
  Deployment: {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
  },
  StatefulSet: { replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: 'OrderedReady' },
  ReplicaSet: { replicas: 1 },
  DaemonSet: { revisionHistoryLimit: 10 },
  Job: { backoffLimit: 6, completions: 1, parallelism: 1, suspend: false, completionMode: 'NonIndexed' },
  CronJob: { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 },
  Service: { type: 'ClusterIP', sessionAffinity: 'None', internalTrafficPolicy: 'Cluster' },
};

/** Returns the spec with defaults filled in; other kinds stay as they are. */
export function withBuiltInDefaults(object: KubeObject): KubeObject {
  const { apiVersion, kind, spec } = object;
  if (!isJsonObject(spec) || !/^(v1|apps\/v1|batch\/v1)$/.test(apiVersion)) return object;
  if (kind === 'Pod') return { ...object, spec: podSpec(spec) };
  const own = WORKLOADS[kind];
  if (own === undefined) return object;
  const filled = { ...own, ...spec };
  if (kind === 'CronJob') {
    const { jobTemplate } = filled;
    const template = isJsonObject(jobTemplate) && isJsonObject(jobTemplate.spec) ? jobTemplate.spec : undefined;
    if (template === undefined) return { ...object, spec: filled };
    return {
      ...object,
      spec: { ...filled, jobTemplate: { ...(isJsonObject(jobTemplate) && jobTemplate), spec: withPods(template) } },
    };
  }
  return { ...object, spec: kind === 'Service' ? { ...filled, ports: portsOf(filled.ports) } : withPods(filled) };
}

function withPods(spec: JsonObject): JsonObject {
  const { template } = spec;
  if (!isJsonObject(template) || !isJsonObject(template.spec)) return spec;
  return { ...spec, template: { ...template, spec: podSpec(template.spec) } };
}

function podSpec(spec: JsonObject): JsonObject {
  const lists = ['containers', 'initContainers'].flatMap((list) => {
    const containers = spec[list];
    return Array.isArray(containers) ? [[list, containers.map(containerOf)] as const] : [];
  });
  return { ...POD, ...spec, ...Object.fromEntries(lists) };
}

function containerOf(container: Json): Json {
  if (!isJsonObject(container)) return container;
  const { image } = container;
  const isLatest = typeof image === 'string' && (/:latest$/.test(image) || !/[:@][^/]*$/.test(image));
  return {
    ...CONTAINER,
    imagePullPolicy: isLatest ? 'Always' : 'IfNotPresent',
    ...container,
    ...(container.ports !== undefined && { ports: portsOf(container.ports) }),
  };
}

function portsOf(ports: Json | undefined): Json {
  if (!Array.isArray(ports)) return ports ?? [];
  return ports.map((port: Json) => (isJsonObject(port) ? { protocol: 'TCP', ...port } : port));
}
