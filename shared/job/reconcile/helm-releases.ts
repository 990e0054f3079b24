/**
 * Helm's own record of a release whose objects are taken over. As long as Helm finds it, `helm uninstall` deletes every
 * object in it by name, whoever owns it now. So Helm is kept from finding it, before its first object is taken: the label
 * `owner` of the Secrets (or ConfigMaps) that hold it, by which Helm looks for them, is changed. Nothing is deleted, and
 * changing the label back gives the release back.
 * Source: helm.sh/helm/v4, pkg/storage/driver (secrets.go, cfgmaps.go): `owner=helm` in every query.
 */
import type { KubeObject } from '../../model/kube-object.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { Problem } from '../../model/problem.ts';
import type { HelmRelease } from '../../plan/former-marks.ts';
import { problemOfRefusal } from '../../plan/refusal.ts';
import type { JsonPatchOperation } from '../ports.ts';
import type { RunContext } from './run-context.ts';
import { preferredPathOf } from './served-kinds.ts';

const OWNER = 'plumbline';
const STORES = ['Secret', 'ConfigMap'] as const;

/** `note`: what people should know of it. */
export type PutAside = { readonly note: string | undefined } | { readonly problem: Problem };

/** Releases that a run has put aside, or is about to, by application, namespace and name. */
export type ReleasesAside = Map<string, Promise<PutAside>>;

export type ReleaseRun = Pick<RunContext, 'connection' | 'fieldManager' | 'served' | 'releases'>;

/**
 * Hides the release from Helm, with the rights of the application that takes its objects over; once in a run however many
 * objects that are.
 */
export function putReleaseAside(run: ReleaseRun, release: HelmRelease, application: string): Promise<PutAside> {
  const key = `${application}/${release.namespace}/${release.name}`;
  const done = run.releases.get(key) ?? hideRelease(run, release, application);
  run.releases.set(key, done);
  return done;
}

async function hideRelease(run: ReleaseRun, { namespace, name }: HelmRelease, application: string): Promise<PutAside> {
  let hidden = 0;
  for (const kind of STORES) {
    const result = await hideIn(run, { group: '', kind, namespace, name: '*' }, { name, application });
    if ('problem' in result) return result;
    hidden += result.hidden;
  }
  if (hidden === 0) return { note: undefined };
  const back = `kubectl label secret,configmap -n ${namespace} -l owner=${OWNER},name=${name} owner=helm --overwrite`;
  return { note: `Helm does not find release ${namespace}/${name} any more; to give it back: ${back}` };
}

async function hideIn(
  { connection, served, fieldManager }: ReleaseRun,
  place: ObjectRef,
  { name, application }: { readonly name: string; readonly application: string },
): Promise<{ readonly hidden: number } | { readonly problem: Problem }> {
  const path = preferredPathOf(served, place);
  if (path === undefined) return { hidden: 0 };
  const act = 'put the Helm release aside';
  const labelSelector = `owner=helm,name=${name}`;
  const listed = await connection.list(path, { labelSelector, namespace: place.namespace, metadataOnly: true });
  if (!listed.ok) return { problem: problemOfRefusal(place, act, listed.refusal) };
  for (const stored of listed.value) {
    const ref = { ...place, name: stored.metadata.name };
    const patched = await connection.for(application).patch(path, ref, relabelled(stored), { fieldManager });
    if (!patched.ok && patched.refusal.status !== 404) return { problem: problemOfRefusal(ref, act, patched.refusal) };
  }
  return { hidden: listed.value.length };
}

function relabelled({ metadata }: KubeObject): readonly JsonPatchOperation[] {
  return [
    { op: 'test', path: '/metadata/uid', value: metadata.uid },
    { op: 'replace', path: '/metadata/labels/owner', value: OWNER },
  ];
}
