/**
 * What a state store reads back, checked: a damaged or foreign item must not reach the jobs. One schema a stored type
 * of status.ts; the types there stay the ones that the code uses.
 */
import * as z from 'zod';
import type { KnownEndpoint } from './cluster-endpoint.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import { repositorySchema } from './declarations.ts';
import type { Drift, DriftedField } from './drift.ts';
import { HEALTHS, SYNC_STATUSES } from './health.ts';
import { instructionSchema, suspensionSchema } from './instruction.ts';
import type { Json } from './json.ts';
import type { ObjectRef } from './object-ref.ts';
import { type ErrorCode, FAULT_OF, type Problem } from './problem.ts';
import type { Commit } from './revision.ts';
import type {
  ApplicationStatus,
  ClusterStatus,
  DesiredPointer,
  FleetStatus,
  FoundSet,
  GoneCluster,
  LeavingApplication,
  LeftCluster,
  RunSummary,
  SeenDrift,
  WatchedRef,
} from './status.ts';

/** Names every field, the optional ones too: one left out of a schema would be dropped on reading. */
type FieldsOf<T> = { readonly [K in keyof Required<T>]: z.ZodType };

const text = z.string();
const count = z.int().min(0);
const timeMs = z.number();

const codes = Object.keys(FAULT_OF) as [ErrorCode, ...ErrorCode[]];
const problem: z.ZodType<Problem> = z.object({
  code: z.enum(codes),
  subject: text,
  act: text,
  wrong: text,
  remedy: text,
  refusal: z.object({ digest: text, application: text.exactOptional() }).exactOptional(),
} satisfies FieldsOf<Problem>);
const problems = z.array(problem);
const commit: z.ZodType<Commit> = z.object({
  revision: text,
  subject: text,
  author: text,
  committedAtMs: timeMs,
} satisfies FieldsOf<Commit>);
const ref: z.ZodType<ObjectRef> = z.object({
  group: text,
  kind: text,
  namespace: text,
  name: text,
} satisfies FieldsOf<ObjectRef>);
/** Any value: whatever came out of JSON text is one. */
const json = z.custom<Json>((value) => value !== undefined);

const driftedField: z.ZodType<DriftedField> = z.object({
  path: text,
  pointer: text,
  declared: text.exactOptional(),
  wanted: json.exactOptional(),
  found: json.exactOptional(),
  manager: text.exactOptional(),
  operation: z.enum(['Apply', 'Update']).exactOptional(),
  since: text.exactOptional(),
} satisfies FieldsOf<DriftedField>);
const driftShape = {
  ref,
  application: text,
  kind: z.enum(['changed', 'deleted', 'disowned', 'terminating', 'extra']),
  fields: z.array(driftedField),
} satisfies FieldsOf<Drift>;
const seenDrift: z.ZodType<SeenDrift> = z.object({
  ...driftShape,
  cluster: text,
  seenAtMs: timeMs,
  act: z.enum(['healed', 'reported', 'failed']),
  times: count.exactOptional(),
} satisfies FieldsOf<SeenDrift>);

const facts: z.ZodType<ClusterFacts> = z.object({
  uid: text,
  kubernetesVersion: text,
  apiVersions: z.array(text),
  readAtMs: timeMs,
} satisfies FieldsOf<ClusterFacts>);

const endpoint: z.ZodType<KnownEndpoint> = z.object({
  server: text,
  certificateAuthority: text,
  readAtMs: timeMs,
} satisfies FieldsOf<KnownEndpoint>);

export const desiredPointerSchema: z.ZodType<DesiredPointer> = z.object({
  blob: text,
  ticket: count,
  commit,
  network: text.exactOptional(),
  made: text.exactOptional(),
} satisfies FieldsOf<DesiredPointer>);

const watchedRef: z.ZodType<WatchedRef> = z.object({
  repository: repositorySchema.exactOptional(),
  ref: text,
} satisfies FieldsOf<WatchedRef>);

const foundSet: z.ZodType<FoundSet> = z.object({
  set: text,
  clusters: z.array(text),
} satisfies FieldsOf<FoundSet>);

const goneCluster: z.ZodType<GoneCluster> = z.object({
  cluster: text,
  set: text,
  sinceMs: timeMs,
} satisfies FieldsOf<GoneCluster>);

const leftCluster: z.ZodType<LeftCluster> = z.object({
  cluster: text,
  applications: z.array(text),
  objects: count,
  sinceMs: timeMs,
} satisfies FieldsOf<LeftCluster>);

export const fleetStatusSchema: z.ZodType<FleetStatus> = z.object({
  fleet: text,
  branch: text,
  head: commit.exactOptional(),
  planned: commit.exactOptional(),
  problems,
  clusters: z.array(text),
  plannedAtMs: timeMs.exactOptional(),
  commits: text.exactOptional(),
  sets: z.array(foundSet).exactOptional(),
  gone: z.array(goneCluster).exactOptional(),
  left: z.array(leftCluster).exactOptional(),
  unplaced: z.array(problem).exactOptional(),
  trust: text.exactOptional(),
  notes: z.array(text).exactOptional(),
  watched: z.array(watchedRef).default([]),
} satisfies FieldsOf<FleetStatus>);

const leavingApplication: z.ZodType<LeavingApplication> = z.object({
  application: text,
  reason: text,
} satisfies FieldsOf<LeavingApplication>);

export const clusterStatusSchema: z.ZodType<ClusterStatus> = z.object({
  cluster: text,
  labels: z.record(text, text),
  suspend: z.boolean(),
  suspension: suspensionSchema.exactOptional(),
  sync: z.enum(SYNC_STATUSES),
  health: z.enum(HEALTHS),
  applied: text.exactOptional(),
  tried: text.exactOptional(),
  revision: text.exactOptional(),
  revisionAtMs: timeMs.exactOptional(),
  checkedAtMs: timeMs.exactOptional(),
  reachableSinceMs: timeMs.exactOptional(),
  unreachableSinceMs: timeMs.exactOptional(),
  failures: count,
  problems,
  facts: facts.exactOptional(),
  gathered: text.exactOptional(),
  endpoint: endpoint.exactOptional(),
  parents: z.array(text).exactOptional(),
  leaving: z.array(leavingApplication).exactOptional(),
  lost: z.array(text).exactOptional(),
  record: text.exactOptional(),
  objects: text.exactOptional(),
} satisfies FieldsOf<ClusterStatus>);

export const applicationStatusSchema: z.ZodType<ApplicationStatus> = z.object({
  cluster: text,
  application: text,
  sync: z.enum(SYNC_STATUSES),
  health: z.enum(HEALTHS),
  healthReason: text,
  revision: text,
  sources: z.array(z.object({ source: text, revision: text })).exactOptional(),
  madeBy: z.object({ template: text, item: text }).exactOptional(),
  inputDigest: text,
  sinceMs: timeMs,
  objects: count,
  problems,
  notes: z.array(text).exactOptional(),
  suspend: z.boolean(),
  suspension: suspensionSchema.exactOptional(),
  waitingFor: text,
  completed: text.exactOptional(),
  completedAtMs: timeMs.exactOptional(),
} satisfies FieldsOf<ApplicationStatus>);

export const runSummarySchema: z.ZodType<RunSummary> = z.object({
  run: text,
  cluster: text,
  startedAtMs: timeMs,
  durationMs: timeMs,
  cause: z.enum(['commit', 'asked', 'sweep', 'retry', 'health']),
  asked: z.array(instructionSchema).exactOptional(),
  revision: text.exactOptional(),
  requests: count,
  counts: z.record(z.enum(['created', 'configured', 'unchanged', 'pruned', 'skipped', 'failed']), count),
  stagesMs: z.record(text, timeMs),
  problems,
  drift: z.array(seenDrift),
  report: text.exactOptional(),
} satisfies FieldsOf<RunSummary>);
