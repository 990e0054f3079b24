/**
 * Parts of one object that name one another: what schemas cannot say, the API server refuses, and people get wrong most.
 * Source: pkg/apis/{apps,batch,core}/validation of Kubernetes v1.36.
 */
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { Fault, FieldPath } from './fault.ts';

const WITH_SELECTOR: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']);

export function checkParts({ apiVersion, kind, spec }: KubeObject): readonly Fault[] {
  if (!isJsonObject(spec)) return [];
  if (apiVersion === 'apps/v1' && WITH_SELECTOR.has(kind)) {
    return [...checkSelector(spec), ...checkPodTemplate(spec.template, ['spec', 'template'], claimNames(spec))];
  }
  if (apiVersion === 'batch/v1' && kind === 'Job') return checkPodTemplate(spec.template, ['spec', 'template']);
  if (apiVersion === 'batch/v1' && kind === 'CronJob') {
    const template = fieldAt(spec, ['jobTemplate', 'spec', 'template']);
    return checkPodTemplate(template, ['spec', 'jobTemplate', 'spec', 'template']);
  }
  if (apiVersion === 'v1' && kind === 'Pod') return checkPod(spec, ['spec']);
  return apiVersion === 'v1' && kind === 'Service' ? checkPorts(spec) : [];
}

function fieldAt(value: Json, path: readonly string[]): Json | undefined {
  let at: Json | undefined = value;
  for (const step of path) at = isJsonObject(at) ? at[step] : undefined;
  return at;
}

function namesIn(list: Json | undefined): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: Json) => (isJsonObject(item) && typeof item.name === 'string' ? [item.name] : []));
}

/** A StatefulSet brings volumes of its own. */
function claimNames({ volumeClaimTemplates }: JsonObject): readonly string[] {
  if (!Array.isArray(volumeClaimTemplates)) return [];
  return namesIn(
    volumeClaimTemplates.map((template: Json) => (isJsonObject(template) ? (template.metadata ?? null) : null)),
  );
}

/** Labels that are named one by one; expressions are left to the server. */
function checkSelector(spec: JsonObject): readonly Fault[] {
  const wanted = fieldAt(spec, ['selector', 'matchLabels']);
  const labels = fieldAt(spec, ['template', 'metadata', 'labels']) ?? {};
  if (!isJsonObject(wanted) || !isJsonObject(labels)) return [];
  return Object.entries(wanted).flatMap(([name, value]): readonly Fault[] => {
    if (labels[name] === value) return [];
    const wrong = `the selector wants label ${name}=${String(value)}, which the template does not give its Pods`;
    const path = ['spec', 'template', 'metadata', 'labels', name];
    return [
      {
        rule: 'unfit-parts',
        path,
        wrong,
        remedy: 'let spec.selector.matchLabels and the labels of the template agree',
      },
    ];
  });
}

function checkPodTemplate(
  template: Json | undefined,
  path: FieldPath,
  claims: readonly string[] = [],
): readonly Fault[] {
  const spec = isJsonObject(template ?? null) ? fieldAt(template ?? null, ['spec']) : undefined;
  return isJsonObject(spec) ? checkPod(spec, [...path, 'spec'], claims) : [];
}

function checkPod(spec: JsonObject, path: FieldPath, claims: readonly string[] = []): readonly Fault[] {
  const volumes = new Set([...namesIn(spec.volumes), ...claims]);
  return ['initContainers', 'containers'].flatMap((list) => {
    const containers = spec[list];
    if (!Array.isArray(containers)) return [];
    return containers.flatMap((container: Json, at: number) =>
      isJsonObject(container) ? checkContainer(container, [...path, list, at], volumes) : [],
    );
  });
}

function checkContainer(container: JsonObject, path: FieldPath, volumes: ReadonlySet<string>): readonly Fault[] {
  const image: readonly Fault[] =
    container.image === undefined || container.image === ''
      ? [
          {
            rule: 'missing-field',
            path: [...path, 'image'],
            wrong: 'it is needed and not there',
            remedy: 'give it image',
          },
        ]
      : [];
  const mounts = ['volumeMounts', 'volumeDevices'].flatMap((list) => {
    const mounted = container[list];
    if (!Array.isArray(mounted)) return [];
    return mounted.flatMap((mount: Json, at: number): readonly Fault[] => {
      if (!isJsonObject(mount) || typeof mount.name !== 'string' || volumes.has(mount.name)) return [];
      const wrong = `no volume of the Pod is called "${mount.name}"`;
      const remedy =
        volumes.size === 0 ? 'add it to volumes' : `use one of ${[...volumes].join(', ')}, or add it to volumes`;
      return [{ rule: 'unfit-parts', path: [...path, list, at, 'name'], wrong, remedy }];
    });
  });
  return [...image, ...mounts];
}

function checkPorts({ type, ports }: JsonObject): readonly Fault[] {
  if (!Array.isArray(ports) || ports.length < 2 || type === 'ExternalName') return [];
  return ports.flatMap((port: Json, at: number): readonly Fault[] => {
    if (!isJsonObject(port) || (port.name !== undefined && port.name !== '')) return [];
    const path = ['spec', 'ports', at, 'name'];
    return [{ rule: 'missing-field', path, wrong: 'of several ports each needs a name', remedy: 'give it name' }];
  });
}
