/**
 * What other tools leave on the objects that they look after: labels and annotations by which they find them again. They
 * go when an object is taken over, or the former tool would go on counting it as its own.
 */
import { isJsonObject } from '../model/json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { FieldsV1 } from './fields-v1.ts';
import type { FormerOwner } from './former-owners.ts';

type Tool = Exclude<FormerOwner, 'any'>;
type Metadata = KubeObject['metadata'];

const RELEASE_NAME = 'meta.helm.sh/release-name';
const RELEASE_NAMESPACE = 'meta.helm.sh/release-namespace';
const ARGO_TRACKING = 'argocd.argoproj.io/tracking-id';
const ARGO_MANAGERS = ['argocd-controller', 'argocd-application-controller'];

interface Mark {
  readonly part: 'labels' | 'annotations';
  readonly name: string;
}

/** Each tells whether a label or an annotation is one of the tool's own. */
const IS_MARK: Readonly<Record<Tool, (mark: Mark, metadata: Metadata) => boolean>> = {
  kubectl: ({ name }) => name === 'kubectl.kubernetes.io/last-applied-configuration',
  helm: isOfHelm,
  // What a HelmRelease of Flux brings in has the marks of Helm as well.
  flux: (mark, metadata) =>
    /^(kustomize|helm)\.toolkit\.fluxcd\.io\//.test(mark.name) ||
    (isOfHelmRelease(metadata) && isOfHelm(mark, metadata)),
  argocd: ({ part, name }, metadata) =>
    name.startsWith('argocd.argoproj.io/') ||
    (part === 'labels' && name === 'app.kubernetes.io/instance' && isTrackedByArgo(metadata)),
};
const TOOLS: readonly Tool[] = ['kubectl', 'helm', 'flux', 'argocd'];

/** Returns the marks of the adopted tools on `live` that Git does not declare; undefined where there is none. */
export function formerMarks(
  live: KubeObject,
  adopt: readonly FormerOwner[],
  declared: KubeObject,
): FieldsV1 | undefined {
  if (adopt.length === 0) return undefined;
  const tools = adopt.includes('any') ? TOOLS : TOOLS.filter((tool) => adopt.includes(tool));
  const found = (['labels', 'annotations'] as const).flatMap((part) => {
    const names = Object.keys(live.metadata[part] ?? {})
      .filter((name) => declared.metadata[part]?.[name] === undefined)
      .filter((name) => tools.some((tool) => IS_MARK[tool]({ part, name }, live.metadata)));
    return names.length === 0
      ? []
      : [[`f:${part}`, Object.fromEntries(names.map((name) => [`f:${name}`, {}]))] as const];
  });
  return found.length === 0 ? undefined : { 'f:metadata': Object.fromEntries(found) };
}

/** A release of Helm, as its objects name it. */
export interface HelmRelease {
  readonly namespace: string;
  readonly name: string;
}

/** Returns the release whose marks are among `marks`; undefined: none of them is Helm's. */
export function releaseIn(marks: FieldsV1 | undefined, { metadata }: KubeObject): HelmRelease | undefined {
  const { annotations = {} } = metadata;
  const { [RELEASE_NAME]: name, [RELEASE_NAMESPACE]: namespace } = annotations;
  const ofMetadata = marks?.['f:metadata'];
  const taken = isJsonObject(ofMetadata) ? ofMetadata['f:annotations'] : undefined;
  const isTaken = isJsonObject(taken) && taken[`f:${RELEASE_NAME}`] !== undefined;
  return isTaken && name !== undefined && namespace !== undefined ? { namespace, name } : undefined;
}

function isOfHelm({ part, name }: Mark, { labels, annotations }: Metadata): boolean {
  if (part === 'annotations') return name === RELEASE_NAME || name === RELEASE_NAMESPACE;
  const isHelms = name === 'app.kubernetes.io/managed-by' && labels?.[name] === 'Helm';
  return isHelms && annotations?.[RELEASE_NAME] !== undefined;
}

function isOfHelmRelease({ labels = {} }: Metadata): boolean {
  return labels['helm.toolkit.fluxcd.io/name'] !== undefined;
}

function isTrackedByArgo({ annotations, managedFields = [] }: Metadata): boolean {
  return (
    annotations?.[ARGO_TRACKING] !== undefined || managedFields.some(({ manager }) => ARGO_MANAGERS.includes(manager))
  );
}
