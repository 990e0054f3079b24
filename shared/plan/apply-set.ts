/**
 * One ApplySet parent an application (KEP-3659): a ConfigMap that says which kinds and namespaces the application's
 * objects may be in. What pruning must know of an application whose declaration is gone stands there too.
 * Source: kubectl v0.36, pkg/cmd/apply/applyset.go.
 */
import { createHash } from 'node:crypto';
import {
  APPLICATION_LABEL,
  APPLYSET_ID_LABEL,
  APPLYSET_KINDS_ANNOTATION,
  APPLYSET_NAMESPACES_ANNOTATION,
  APPLYSET_TOOLING_ANNOTATION,
  FLEET_LABEL,
  fieldManagerOf,
  PRUNE_ANNOTATION,
  SYSTEM_NAMESPACE,
  TOOLING,
} from '../config/names.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { PROPAGATIONS, type Propagation } from '../model/object-policy.ts';
import { formatGroupKind, type GroupKind } from '../model/object-ref.ts';
import type { ServiceAccountName } from '../model/service-account.ts';

const ALLOW_DELETION_ANNOTATION = 'plumbline.dev/allow-deletion-of';
const SERVICE_ACCOUNT_ANNOTATION = 'plumbline.dev/service-account';
const DEPENDS_ON_ANNOTATION = 'plumbline.dev/depends-on';
const PROPAGATION_ANNOTATION = 'plumbline.dev/prune-propagation';
const DELETION_ANNOTATION = 'plumbline.dev/deletion';

/** What the cluster remembers of one application. */
export interface Parent {
  readonly application: string;
  readonly id: string;
  readonly kinds: readonly GroupKind[];
  /** Of its objects; `''` is left out. */
  readonly namespaces: readonly string[];
  /** The settings of the last run, for the time when the declaration is gone. */
  readonly settings: ParentSettings;
  readonly object: KubeObject;
}

export interface ParentSettings {
  readonly prune: boolean;
  readonly allowDeletionOf: readonly string[];
  readonly dependsOn: readonly string[];
  /** Whose rights it was brought in with; absent: our own. */
  readonly serviceAccount?: ServiceAccountName;
  /** Default `background`. */
  readonly prunePropagation?: Propagation;
  /** What happens to the objects when the application goes. Default `prune`. */
  readonly deletion?: 'prune' | 'orphan';
}

export interface ParentContent {
  readonly fleet: string;
  readonly application: string;
  readonly kinds: readonly GroupKind[];
  readonly namespaces: readonly string[];
  readonly settings: ParentSettings;
}

/** Returns the name of the parent ConfigMap. Names of fleets and applications hold no dot, so no two pairs share one. */
export function parentName(fleet: string, application: string): string {
  return `${fieldManagerOf(fleet)}.${application}`;
}

/** Returns the ApplySet id of the parent ConfigMap of that name. */
export function applySetId(name: string): string {
  const identity = [name, SYSTEM_NAMESPACE, 'ConfigMap', ''].join('.');
  return `applyset-${createHash('sha256').update(identity).digest('base64url')}-v1`;
}

/** Returns the parent as it is applied. */
export function parentObject(content: ParentContent): KubeObject {
  const name = parentName(content.fleet, content.application);
  const { prune, allowDeletionOf, dependsOn, serviceAccount } = content.settings;
  const { prunePropagation = 'background', deletion = 'prune' } = content.settings;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: SYSTEM_NAMESPACE,
      labels: {
        [APPLYSET_ID_LABEL]: applySetId(name),
        [FLEET_LABEL]: content.fleet,
        [APPLICATION_LABEL]: content.application,
      },
      annotations: {
        [APPLYSET_TOOLING_ANNOTATION]: TOOLING,
        [APPLYSET_KINDS_ANNOTATION]: sortedUnique(content.kinds.map(formatGroupKind)).join(','),
        [APPLYSET_NAMESPACES_ANNOTATION]: sortedUnique(
          content.namespaces.filter((namespace) => namespace !== '' && namespace !== SYSTEM_NAMESPACE),
        ).join(','),
        [PRUNE_ANNOTATION]: String(prune),
        [ALLOW_DELETION_ANNOTATION]: sortedUnique(allowDeletionOf).join(','),
        [DEPENDS_ON_ANNOTATION]: sortedUnique(dependsOn).join(','),
        [PROPAGATION_ANNOTATION]: prunePropagation,
        [DELETION_ANNOTATION]: deletion,
        ...(serviceAccount !== undefined && { [SERVICE_ACCOUNT_ANNOTATION]: serviceAccount }),
      },
    },
  };
}

/** Returns the parent that a ConfigMap is; undefined when it is none of ours. */
export function readParent(configMap: KubeObject): Parent | undefined {
  const { name, namespace, labels, annotations } = configMap.metadata;
  const application = labels?.[APPLICATION_LABEL];
  const id = applySetId(name);
  const serviceAccount = annotations?.[SERVICE_ACCOUNT_ANNOTATION];
  if (configMap.kind !== 'ConfigMap' || namespace !== SYSTEM_NAMESPACE) return undefined;
  if (application === undefined || labels?.[APPLYSET_ID_LABEL] !== id) return undefined;
  if (toolOf(annotations?.[APPLYSET_TOOLING_ANNOTATION] ?? '') !== toolOf(TOOLING)) return undefined;
  return {
    application,
    id,
    kinds: splitList(annotations?.[APPLYSET_KINDS_ANNOTATION]).map(parseGroupKind),
    namespaces: splitList(annotations?.[APPLYSET_NAMESPACES_ANNOTATION]),
    settings: {
      prune: annotations?.[PRUNE_ANNOTATION] !== 'false',
      allowDeletionOf: splitList(annotations?.[ALLOW_DELETION_ANNOTATION]),
      dependsOn: splitList(annotations?.[DEPENDS_ON_ANNOTATION]),
      ...(serviceAccount !== undefined && { serviceAccount }),
      prunePropagation: PROPAGATIONS.find((one) => one === annotations?.[PROPAGATION_ANNOTATION]) ?? 'background',
      deletion: annotations?.[DELETION_ANNOTATION] === 'orphan' ? 'orphan' : 'prune',
    },
    object: configMap,
  };
}

/** Returns every kind of either list once, sorted: what a parent says from before the first write to after the last prune. */
export function unitedKinds(before: readonly GroupKind[], after: readonly GroupKind[]): readonly GroupKind[] {
  return sortedUnique([...before, ...after].map(formatGroupKind)).map(parseGroupKind);
}

function parseGroupKind(text: string): GroupKind {
  const dot = text.indexOf('.');
  return dot < 0 ? { group: '', kind: text } : { group: text.slice(dot + 1), kind: text.slice(0, dot) };
}

function splitList(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').filter((part) => part !== '');
}

function sortedUnique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

function toolOf(tooling: string): string {
  return tooling.slice(0, tooling.lastIndexOf('/'));
}
