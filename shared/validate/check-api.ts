/** Whether the API of an object is served: now, by the next version, without anyone enabling it. */
import { closestWord } from '../model/closest-word.ts';
import type { FindingLevel } from '../model/finding.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { type ApiLifecycle, compareMinor, type MinorVersion } from '../model/kubernetes-release.ts';
import { groupOf, versionOf } from '../model/object-ref.ts';
import type { Fault } from './fault.ts';
import type { KnownKinds } from './known-kinds.ts';

/** A fault whose weight is another than its rule's. */
export interface ApiFault extends Fault {
  readonly level?: FindingLevel;
}

export interface ApiVersions {
  readonly version: MinorVersion;
  /** Looked ahead to; undefined: no other. */
  readonly next: MinorVersion | undefined;
  readonly lifecycles: ReadonlyMap<string, ApiLifecycle>;
  /** Kinds that nobody defines are errors. */
  readonly strictKinds: boolean;
}

/** Beta APIs that came since are served only where someone asks for it. Source: KEP-3136. */
const LAST_BETA_BY_DEFAULT = '1.23';

export function checkApi(
  { apiVersion, kind }: KubeObject,
  kinds: KnownKinds,
  versions: ApiVersions,
): readonly ApiFault[] {
  const known = kinds.find(apiVersion, kind);
  if (known?.from === 'crd') {
    if (!known.deprecated) return [];
    const said = known.deprecationWarning ?? `${apiVersion} ${kind} is deprecated`;
    return [apiFault('api-deprecated', said, 'use a newer version of the CustomResourceDefinition')];
  }
  if (known?.from === 'crd-other-version') {
    const served = known.versions.length === 0 ? 'none' : known.versions.join(', ');
    const wrong = `its CustomResourceDefinition serves ${served}, not ${apiVersion}`;
    return [{ ...apiFault('unknown-kind', wrong, 'write a version that is served'), level: 'error' }];
  }
  const lifecycle = versions.lifecycles.get(`${apiVersion}/${kind}`);
  if (lifecycle !== undefined) {
    const faults = checkLifecycle(`${apiVersion} ${kind}`, lifecycle, versions);
    if (faults.length > 0) return faults;
  }
  return known === undefined
    ? [unknownKind({ apiVersion, kind }, kinds, versions)]
    : checkEnabled(apiVersion, kind, lifecycle);
}

function checkLifecycle(api: string, lifecycle: ApiLifecycle, { version, next }: ApiVersions): readonly ApiFault[] {
  const { introduced, deprecated, removed, replacement } = lifecycle;
  const remedy = replacement === undefined ? 'look for what replaces it' : `use ${replacement}`;
  const isOver = (since: MinorVersion | undefined, at: MinorVersion | undefined) =>
    since !== undefined && at !== undefined && compareMinor(since, at) <= 0;
  if (isOver(removed, version)) {
    return [apiFault('api-removed', `Kubernetes ${version} does not serve ${api} any more, since ${removed}`, remedy)];
  }
  if (introduced !== undefined && compareMinor(introduced, version) > 0) {
    const wrong = `Kubernetes ${version} does not serve ${api} yet; it comes with ${introduced}`;
    return [apiFault('api-removed', wrong, 'use an older version of the API, or a newer cluster')];
  }
  if (isOver(removed, next)) {
    return [
      apiFault('api-removed-next', `Kubernetes ${next} does not serve ${api} any more, since ${removed}`, remedy),
    ];
  }
  if (!isOver(deprecated, version)) return [];
  const until = removed === undefined ? '' : `, and goes with ${removed}`;
  return [apiFault('api-deprecated', `${api} is deprecated since ${deprecated}${until}`, remedy)];
}

function checkEnabled(apiVersion: string, kind: string, lifecycle: ApiLifecycle | undefined): readonly ApiFault[] {
  const isAlpha = /alpha/.test(versionOf(apiVersion));
  const isLateBeta =
    /beta/.test(versionOf(apiVersion)) && compareMinor(lifecycle?.introduced ?? '1.0', LAST_BETA_BY_DEFAULT) > 0;
  if (!isAlpha && !isLateBeta) return [];
  const wrong = `${apiVersion} ${kind} is served only where it was enabled, which EKS does for few APIs`;
  return [apiFault('api-not-enabled', wrong, 'use a version of the API that is generally available')];
}

/** In a group of Kubernetes itself nothing else can define it. */
function unknownKind(
  { apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>,
  { release }: KnownKinds,
  { strictKinds }: ApiVersions,
): ApiFault {
  const group = groupOf(apiVersion);
  const ofGroup = [...release.kinds.keys()].filter((key) => groupOf(key.slice(0, key.lastIndexOf('/'))) === group);
  if (ofGroup.length === 0) {
    const wrong = `${apiVersion} ${kind} is neither built in nor defined in the repository; its fields are not checked`;
    const remedy = 'declare its CustomResourceDefinition in an application of this cluster to have them checked';
    return { ...apiFault('unknown-kind', wrong, remedy), ...(strictKinds && { level: 'error' }) };
  }
  const names = ofGroup.map((key) => `${key.slice(0, key.lastIndexOf('/'))} ${key.slice(key.lastIndexOf('/') + 1)}`);
  const same = names.find((name) => name.endsWith(` ${kind}`));
  const meant = same ?? closestWord(`${apiVersion} ${kind}`, names);
  const remedy = meant === undefined ? 'correct apiVersion or kind' : `did you mean "${meant}"?`;
  const wrong = `Kubernetes ${release.version} has no ${apiVersion} ${kind} that can be applied`;
  return { ...apiFault('unknown-kind', wrong, remedy), level: 'error' };
}

function apiFault(rule: ApiFault['rule'], wrong: string, remedy: string): ApiFault {
  return { rule, path: ['apiVersion'], wrong, remedy };
}
