/** What must be true when a sequence has come to rest, judged by the model alone. Each returns what is wrong, in words. */
import { APPLIED_ANNOTATION, FLEET_LABEL, fieldManagerOf } from '../../../shared/config/names.ts';
import { type KubeObject, refOf } from '../../../shared/model/kube-object.ts';
import { formatGroupKind, formatRef } from '../../../shared/model/object-ref.ts';
import { formatProblem } from '../../../shared/model/problem.ts';
import { isMetadataOnly, stampOf } from '../../../shared/plan/stamp.ts';
import { fieldManagersOf } from './field-owners.ts';
import type { Ledger } from './ledger.ts';
import { isLeftover } from './neighbours.ts';
import { FIELDS, FIXED, poolObject } from './pool.ts';
import { type DeclaredObject, type Git, nameToday } from './repository.ts';
import type { Snapshot } from './snapshot.ts';
import { isProvablyOurs } from './witness.ts';

export interface Scene {
  readonly fleet: string;
  readonly git: Git;
  readonly ledger: Ledger;
  readonly now: Snapshot;
}

export function wrongIn(scene: Scene): readonly string[] {
  return [
    ...[...scene.git.objects].flatMap(([name, declared]) => wrongWithWanted(name, declared, scene)),
    ...[...scene.now.live].flatMap(([name, live]) => wrongWithUnwanted(name, live, scene)),
    ...wrongWithForeign(scene),
    ...wrongProblems(scene),
    ...wrongParents(scene),
    ...wrongRecords(scene),
    ...wrongState(scene),
  ];
}

/** Left alone on purpose: suspended by Git or by a person. */
function isSuspended(application: string, { git, ledger }: Scene): boolean {
  return ledger.isSuspended(application) || git.applications.get(application)?.suspend === true;
}

/** Differs from Git by another's hand, and Git asks for nothing but a report. */
function isReported(name: string, { application, policy }: DeclaredObject, { git, ledger }: Scene): boolean {
  const drift = git.applications.get(application)?.drift;
  return (policy === 'report' || drift === 'report') && ledger.edited.has(name);
}

/** Every declared field is live, and what Git no longer declares is gone unless someone else holds it too. */
function wrongWithWanted(name: string, declared: DeclaredObject, scene: Scene): readonly string[] {
  const { now, ledger, fleet } = scene;
  const { application } = declared;
  if (isSuspended(application, scene) || isReported(name, declared, scene) || declared.policy === 'ignore') return [];
  if (!now.isClean) {
    const status = now.applications[application];
    if (status === undefined || status.problems.length > 0 || status.waitingFor !== '') return [];
  }
  const live = now.live.get(name);
  if (live !== undefined && declared.policy === 'create-only') return [];
  if (live === undefined) return [`${name} is declared by ${application} and not there`];
  const found = poolObject(name).read(live);
  const wrongFields = FIELDS.filter((field) => {
    if (declared[field] !== undefined) return found[field] !== declared[field];
    const holders = fieldManagersOf(live, field);
    const isNobodys = holders.length === 0 && !ledger.wiped.has(live.metadata.uid ?? '');
    return found[field] !== undefined && (isNobodys || holders.includes(fieldManagerOf(fleet)));
  });
  const isMarked = live.metadata.labels?.[FLEET_LABEL] === fleet && ledger.applicationOf(live) === application;
  return [
    ...wrongFields.map((field) => `${name}.${field} is ${found[field]}, declared ${declared[field]}`),
    ...(isMarked && isProvablyOurs(live, fleet) ? [] : [`${name} is not marked as one of ${application}`]),
  ];
}

/** What nobody wants any more is gone once nothing is in the way, if it was provably ours. */
function wrongWithUnwanted(name: string, live: KubeObject, scene: Scene): readonly string[] {
  const { git, now, ledger, fleet } = scene;
  const labelled = ledger.applicationOf(live);
  const application = labelled === undefined ? undefined : nameToday(git, labelled);
  if (git.objects.has(name) || !now.isClean || application === undefined) return [];
  if (!isProvablyOurs(live, fleet) || !ledger.applied.has(live.metadata.uid ?? '')) return [];
  if (live.metadata.annotations?.['plumbline.dev/prune'] === 'false' || isSuspended(application, scene)) return [];
  const declared = git.applications.get(application);
  const known = ledger.lastSettings(application);
  // What an orphaned application leaves loses our marks.
  const isPruned = declared?.prune ?? known.every(({ prune, deletion }) => prune || deletion === 'orphan');
  return isPruned ? [`${name} of ${application} is wanted no more and still there`] : [];
}

/** What others made is as they left it, to the byte: the resource version says so. What they added to ours stays. */
function wrongWithForeign({ now, ledger }: Scene): readonly string[] {
  const byUid = new Map([...now.live.values()].map((object) => [object.metadata.uid ?? '', object]));
  const foreign = [...ledger.foreign].flatMap(([uid, { name, resourceVersion }]) => {
    const live = byUid.get(uid);
    if (live === undefined) return [`${name}, which others made, is gone`];
    return live.metadata.resourceVersion === resourceVersion ? [] : [`${name}, which others made, was changed`];
  });
  const added = [...ledger.additions].flatMap(([uid, value]) => {
    const live = byUid.get(uid);
    const isThere = live === undefined || live.metadata.labels?.neighbour === value;
    return isThere ? [] : [`the label that a neighbour put on ${live.metadata.name} is gone`];
  });
  return [...foreign, ...added];
}

/** Nobody is refused without a reason: a conflict needs a neighbour, a deletion guard something unwanted. */
function wrongProblems({ now, ledger, git }: Scene): readonly string[] {
  return now.problems.flatMap((problem) => {
    const object = [...git.objects.keys()].find((name) => problem.subject.endsWith(`/${name}`));
    const isJust =
      problem.code === 'GuardRefused' ||
      (problem.code === 'ImmutableField' && object === FIXED && mayBeStuck(git, ledger)) ||
      (isLeftover(problem) && object !== undefined && ledger.touched.has(object)) ||
      (problem.code === 'FieldConflict' && object !== undefined && ledger.touched.has(object));
    return isJust ? [] : [`a problem without a reason: ${formatProblem(problem)}`];
  });
}

/** It may not be replaced, or others had a hand in it, so that it is not ours to delete. */
function mayBeStuck(git: Git, ledger: Ledger): boolean {
  return git.objects.get(FIXED)?.policy !== 'replace' || ledger.touched.has(FIXED);
}

/** A parent says exactly the kinds of what is wanted and of what is left over; as long as something is held back, also more. */
function wrongParents(scene: Scene): readonly string[] {
  const { git, now, ledger, fleet } = scene;
  const kindsOf = (application: string) => {
    const wanted = [...git.objects].filter(([, object]) => object.application === application);
    const left = [...now.live.values()].filter(
      (live) =>
        git.objects.get(live.metadata.name)?.application !== application &&
        ledger.applied.has(live.metadata.uid ?? '') &&
        isProvablyOurs(live, fleet) &&
        ledger.applicationOf(live) === application,
    );
    return new Set([...wanted.map(([name]) => poolObject(name)), ...left].map((one) => formatGroupKind(kindOf(one))));
  };
  const said = new Map(now.parents.map(({ application, kinds }) => [application, kinds.map(formatGroupKind)]));
  const names = new Set([...said.keys(), ...git.applications.keys()]);
  const wrong = [...names].flatMap((name) => {
    const [expected, found] = [kindsOf(name), said.get(name)];
    if (found === undefined) return [`application ${name} has no parent`];
    const missing = [...expected].filter((kind) => !found.includes(kind));
    const isExact = missing.length === 0 && found.length === expected.size;
    const isNeeded = git.applications.has(name) || expected.size > 0;
    if (missing.length > 0) return [`the parent of ${name} does not say ${missing.join(', ')}`];
    if (!now.isClean) return [];
    if (!isNeeded) return [`the parent of ${name} is left, and nothing of it`];
    // Of an application that is declared no longer it may go on saying what has gone.
    return isExact || !git.applications.has(name)
      ? []
      : [`the parent of ${name} says ${found.join(', ')}, expected ${[...expected].join(', ')}`];
  });
  return [...wrong, ...now.leftovers.map((name) => `${name} is left in the system namespace`)];
}

function kindOf({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }) {
  return { group: apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '', kind };
}

/** The record says of every object what the cluster says. */
function wrongRecords(scene: Scene): readonly string[] {
  const { now, git, fleet } = scene;
  if (!now.isClean) return [];
  const records = now.record?.objects ?? new Map();
  const wrong = [...git.objects].flatMap(([name, declared]) => {
    const live = now.live.get(name);
    const isLeftAlone = declared.policy === 'ignore' || declared.policy === 'create-only';
    if (live === undefined || isLeftAlone) return [];
    if (isSuspended(declared.application, scene) || isReported(name, declared, scene)) return [];
    const record = records.get(formatRef(refOf(live)));
    if (record === undefined) return [`${name} is not recorded`];
    const listed = isMetadataOnly(kindOf(live)) ? { ...live, data: {} } : live;
    return [
      ...(record.digest === live.metadata.annotations?.[APPLIED_ANNOTATION] ? [] : [`the digest of ${name} differs`]),
      ...(record.stamp === stampOf(listed, fieldManagerOf(fleet)) ? [] : [`the stamp of ${name} differs`]),
    ];
  });
  const known = new Set([...now.live.values()].map((live) => formatRef(refOf(live))));
  const gone = [...records.keys()].filter(
    (key) => !known.has(key) && ![...git.objects.keys()].some((name) => key.endsWith(`/${name}`)),
  );
  return [...wrong, ...gone.map((key) => `${key} is recorded, and neither wanted nor there`)];
}

/** Nobody holds the lease of a cluster at rest, and nobody is still to be woken. */
function wrongState({ now }: Scene): readonly string[] {
  const { owner, done, wanted } = now.item.work;
  const { asked, status, desired } = now.item;
  return [
    ...(owner === undefined ? [] : [`the lease is still held by ${owner}`]),
    ...(done === wanted ? [] : [`wanted ${wanted}, done ${done}`]),
    ...(asked === undefined || asked.length === 0 ? [] : ['what people asked for still waits']),
    ...(now.isClean && status?.applied !== desired?.blob && status?.sync === 'synced'
      ? ['synced, and the commit does not count as applied']
      : []),
  ];
}
