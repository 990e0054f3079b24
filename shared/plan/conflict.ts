/**
 * What to do when the API server refuses an apply because others hold fields of it. Taken back by force is only what
 * we had claimed; a field that is claimed for the first time is the other's until a person decides. Design.md section 5.
 */
import { APPLIED_ANNOTATION, PART_OF_LABEL } from '../config/names.ts';
import type { ApiRefusal } from '../model/api-refusal.ts';
import type { Json } from '../model/json.ts';
import { stringifyJson } from '../model/json-text.ts';
import { jsonOf } from '../model/kube-json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { formatRef } from '../model/object-ref.ts';
import type { Problem } from '../model/problem.ts';
import { isSecretLeaf } from '../model/secret-fields.ts';
import { waysToSettle } from '../model/settle-conflict.ts';
import type { SyncPolicy } from '../model/sync-policy.ts';
import { holderOf } from './field-holder.ts';
import { type FieldPath, pointerIn, printPath, printServerPath, valueAt } from './field-path.ts';
import { type FieldsV1, memberPaths, nodeAt } from './fields-v1.ts';
import { type FormerOwner, isAdopted } from './former-owners.ts';
import type { PreparedObject } from './prepare.ts';
import { isMetadataOnly } from './stamp.ts';

export interface ConflictQuestion {
  readonly prepared: PreparedObject;
  readonly refusal: ApiRefusal;
  /** As it was read before the apply. */
  readonly live: KubeObject | undefined;
  /** The recorded field set; undefined without a record. */
  readonly claimed: FieldsV1 | undefined;
  readonly sync: { readonly conflicts: SyncPolicy['conflicts']; readonly adopt: readonly FormerOwner[] };
  readonly fieldManager: string;
}

export type ConflictDecision = { readonly act: 'force' } | { readonly act: 'report'; readonly problem: Problem };

/** Tells a conflict over fields from a 409 about versions: the causes say so. */
export function isFieldConflict(refusal: ApiRefusal): boolean {
  return refusal.status === 409 && refusal.causes.some(({ reason }) => reason === 'FieldManagerConflict');
}

/** Returns `force` when every conflicting field was ours, or a setting gives it to us; else the problem to report. */
export function decideForce(question: ConflictQuestion): ConflictDecision {
  const { prepared, refusal, sync, claimed, live } = question;
  if (sync.conflicts === 'force') return { act: 'force' };
  const conflicts = refusal.causes.filter(({ reason }) => reason === 'FieldManagerConflict');
  const isOurs = claimed ? claimTest(claimed) : () => live !== undefined && carriesOurMarks(prepared, live);
  const open = conflicts.filter(({ field, message }) => !isOurs(field) && !isAdopted(managerIn(message), sync.adopt));
  if (conflicts.length > 0 && open.length === 0) return { act: 'force' };
  return { act: 'report', problem: conflictProblem(question, open) };
}

function claimTest(claimed: FieldsV1): (field: string) => boolean {
  const paths = [...memberPaths(claimed)];
  const members = new Set(paths.map(printServerPath));
  const wholes = paths.filter((path) => isWhole(claimed, path)).map(printServerPath);
  return (field) => members.has(field) || wholes.some((whole) => isBelow(field, whole));
}

/** What was claimed as a whole covers what lies below it; a map of which single keys were claimed does not. */
function isWhole(claimed: FieldsV1, path: FieldPath): boolean {
  const node = nodeAt(claimed, path);
  return node !== undefined && Object.keys(node).length === 0;
}

function isBelow(field: string, whole: string): boolean {
  return field.startsWith(whole) && ['.', '['].includes(field.charAt(whole.length));
}

function carriesOurMarks(prepared: PreparedObject, live: KubeObject): boolean {
  const { labels, annotations } = live.metadata;
  const partOf = prepared.object.metadata.labels?.[PART_OF_LABEL];
  return annotations?.[APPLIED_ANNOTATION] !== undefined && labels?.[PART_OF_LABEL] === partOf;
}

/** `conflict with "kubectl-client-side-apply" using apps/v1 at 2026-…`, and without "at" where no time is known. */
function managerIn(message: string): string {
  return /conflict with "([^"]*)"/.exec(message)?.[1] ?? message;
}

function conflictProblem(question: ConflictQuestion, open: ApiRefusal['causes']): Problem {
  const { prepared } = question;
  const described = open.map(({ field, message }) => describe(question, field, message));
  const more = open.length > 3 ? `, and ${open.length - 3} more` : '';
  return {
    code: 'FieldConflict',
    subject: formatRef(prepared.ref),
    act: 'apply',
    wrong:
      described
        .slice(0, 3)
        .map(({ text }) => text)
        .join('; ') + more,
    remedy: waysToSettle(prepared.ref, {
      fields: described.map(({ pointer }) => pointer),
      managers: open.map(({ message }) => managerIn(message)),
    }),
  };
}

function describe(question: ConflictQuestion, field: string, message: string) {
  const { prepared, live, fieldManager } = question;
  const desired = jsonOf(prepared.object);
  const path = pathPrintedAs(field, live);
  const manager = managerIn(message);
  const since = (path && live && holderOf(live, path, fieldManager)?.since) ?? / at (\S+)$/.exec(message)?.[1];
  const values = path && !isMetadataOnly(prepared.ref) ? describeValues(path, live, prepared) : '';
  return {
    text: `${path ? printPath(path) : field} is held by ${manager}${since === undefined ? '' : ` since ${since}`}${values}`,
    pointer: path ? pointerIn(desired, path) : `/${field.slice(1).replaceAll('.', '/')}`,
  };
}

/** Texts of problems go everywhere: what is secret, or may hold something secret, is left out of them. */
function describeValues(path: FieldPath, live: KubeObject | undefined, prepared: PreparedObject): string {
  const found = live && valueAt(jsonOf(live), path);
  const wanted = valueAt(jsonOf(prepared.object), path);
  const names = path.map((element) => (element.element === 'field' ? element.name : nameOf(element)));
  const isOpen = (value: Json | undefined) =>
    value === undefined || (typeof value !== 'object' && !isSecretLeaf(prepared.ref, names, value));
  return isOpen(found) && isOpen(wanted) ? ` (${short(found)} there, ${short(wanted)} in Git)` : '';
}

function nameOf(element: Exclude<FieldPath[number], { element: 'field' }>): string {
  const name = element.element === 'key' ? element.key.name : undefined;
  return typeof name === 'string' ? name : '';
}

function short(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = stringifyJson(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** Returns the path that the API server printed as `field`: one of those that any manager of the live object holds. */
function pathPrintedAs(field: string, live: KubeObject | undefined): FieldPath | undefined {
  for (const { fieldsV1 } of live?.metadata.managedFields ?? []) {
    if (!fieldsV1) continue;
    for (const path of memberPaths(fieldsV1)) if (printServerPath(path) === field) return path;
  }
  return undefined;
}
