import { READING_VALUES } from '../../model/gathering.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { refOf } from '../../model/kube-object.ts';
import { formatGroupKind, formatRef, groupOf, type ObjectRef } from '../../model/object-ref.ts';
import type { Problem } from '../../model/problem.ts';
import type { ObjectReference } from '../../model/render-settings/values-from.ts';
import { problemOfRefusal } from '../../plan/refusal.ts';
import type { ApiRefusal, ObjectRequests, ResourcePath } from '../ports.ts';
import { pathOf, type ServedKinds } from './served-kinds.ts';

export interface LookupPlace {
  readonly application: string;
  /** With the rights of the application. */
  readonly requests: ObjectRequests;
  readonly served: ServedKinds;
  /** Groups whose aggregated API server does not answer. */
  readonly staleGroups: readonly string[];
}

export type FoundInCluster =
  /** Sorted; none: it is not there, or nobody serves its kind. */
  | { readonly found: 'objects'; readonly objects: readonly KubeObject[] }
  /** `passes`: the API server is at a loss, which says nothing of the object. */
  | { readonly found: 'refused'; readonly problem: Problem; readonly passes: boolean };

/** Returns the object that `reference` names, or all of its kind and namespace where it names none. */
export async function lookUp(place: LookupPlace, reference: ObjectReference): Promise<FoundInCluster> {
  const { apiVersion, kind, namespace = '', name } = reference;
  const ref = { group: groupOf(apiVersion), kind, namespace, name: name ?? '*' };
  const path = pathOf(place.served, reference);
  if (path === undefined) {
    // Gone from discovery for a while, which is no news of what it serves.
    return place.staleGroups.includes(ref.group) ? silentGroup(ref) : { found: 'objects', objects: [] };
  }
  if (name !== undefined && path.kind.namespaced && namespace === '') return withoutNamespace(ref);
  const answer = await (name === undefined ? listAll(place, path, namespace) : getOne(place, path, { ...ref, name }));
  if (answer.ok) return { found: 'objects', objects: answer.value.map(contentOf).sort(byPlace) };
  if (answer.refusal.status === 404) return { found: 'objects', objects: [] };
  return refused(place, { ref, path, verb: name === undefined ? 'list' : 'get' }, answer.refusal);
}

function listAll({ requests }: LookupPlace, path: ResourcePath, namespace: string) {
  return requests.list(path, path.kind.namespaced && namespace !== '' ? { namespace } : {});
}

async function getOne({ requests }: LookupPlace, path: ResourcePath, ref: ObjectRef) {
  const answer = await requests.get(path, { ...ref, namespace: path.kind.namespaced ? ref.namespace : '' });
  return answer.ok ? { ok: true as const, value: [answer.value] } : answer;
}

/** Without what changes although the object does not. */
function contentOf(object: KubeObject): KubeObject {
  const { managedFields: _fields, resourceVersion: _version, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function byPlace(a: KubeObject, b: KubeObject): number {
  return formatRef(refOf(a)) < formatRef(refOf(b)) ? -1 : 1;
}

interface Refused {
  readonly ref: ObjectRef;
  readonly path: ResourcePath;
  readonly verb: string;
}

function refused({ application }: LookupPlace, { ref, path, verb }: Refused, refusal: ApiRefusal): FoundInCluster {
  const problem = problemOfRefusal(ref, READING_VALUES, refusal);
  const passes = refusal.status >= 500 || refusal.status === 429;
  if (problem.code !== 'Forbidden' || /cannot impersonate/.test(problem.wrong)) {
    return { found: 'refused', problem, passes };
  }
  const what = formatGroupKind({ group: path.kind.group, kind: path.kind.resource });
  const where = path.kind.namespaced && ref.namespace !== '' ? `in namespace ${ref.namespace}` : 'in this cluster';
  const remedy = `allow \`${verb}\` on ${what} ${where}; \`plumbline rbac --application ${application}\` prints the rule`;
  return { found: 'refused', problem: { ...problem, remedy }, passes };
}

function silentGroup(ref: ObjectRef): FoundInCluster {
  const wrong = `the server of API group ${ref.group} does not answer`;
  const remedy = 'see that what its APIService names runs';
  const problem = { code: 'ClusterUnreachable', subject: formatRef(ref), act: READING_VALUES, wrong, remedy } as const;
  return { found: 'refused', problem, passes: true };
}

function withoutNamespace(ref: ObjectRef): FoundInCluster {
  const wrong = `the reference names no namespace, and a ${ref.kind} has one`;
  const remedy = 'add "namespace" to it, or leave "name" away to list all';
  const problem = { code: 'ConfigInvalid', subject: formatRef(ref), act: READING_VALUES, wrong, remedy } as const;
  return { found: 'refused', problem, passes: false };
}
