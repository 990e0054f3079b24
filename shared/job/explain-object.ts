/** One object in each cluster that has it, the whole story: from what the last run saw, the live object, and Git. */

import { VERSION } from '../config/names.ts';
import { PlumblineError } from '../errors.ts';
import type { SkipReason } from '../model/change.ts';
import type { ClusterDeclaration } from '../model/declarations.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { formatRef } from '../model/object-ref.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Commit } from '../model/revision.ts';
import type { ClusterItem, ObjectStatus, RunSummary } from '../model/status.ts';
import type { ExplainedObject } from '../report/explained-object.ts';
import { countFields } from '../report/field-managers.ts';
import { readJsonBlob } from './blob-json.ts';
import type { BlobStore, ClusterConnector, Source, StateStore } from './ports.ts';
import { readDesired } from './read-desired.ts';
import { type AssessObject, createAssess } from './reconcile/assess-objects.ts';
import { preferredPathOf, servedKindsOf } from './reconcile/served-kinds.ts';

export interface ExplainDeps {
  readonly state: StateStore;
  readonly blobs: BlobStore;
  readonly clusters: ClusterConnector;
  readonly source: Source;
}

/** What a person typed, split: `deployment/api`, `Deployment.apps/web/api`. Undefined: not said. */
export interface ObjectQuery {
  readonly kind: string;
  readonly group?: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Returns the object as every cluster has it in which the fleet declares it; empty when nothing matches. */
export async function explainObject(
  deps: ExplainDeps,
  fleet: string,
  query: ObjectQuery & { readonly cluster?: string },
): Promise<readonly ExplainedObject[]> {
  const items = (await deps.state.listClusters(fleet)).filter(
    ({ cluster }) => query.cluster === undefined || cluster === query.cluster,
  );
  const explained = await Promise.all(items.map((item) => explainIn(deps, fleet, { item, query })));
  return explained.flat();
}

async function explainIn(
  deps: ExplainDeps,
  fleet: string,
  { item, query }: { readonly item: ClusterItem; readonly query: ObjectQuery },
): Promise<readonly ExplainedObject[]> {
  const { objects: key } = item.status ?? {};
  const seen = key === undefined ? undefined : await readJsonBlob<readonly ObjectStatus[]>(deps.blobs, key);
  const matching = (seen ?? []).filter(({ outcome }) => matches(outcome.ref, query));
  if (matching.length === 0 || item.desired === undefined) return [];
  const desired = await readDesired(deps.blobs, item.desired.blob);
  const runs = await deps.state.listRuns(fleet, { cluster: item.cluster, limit: 100 });
  const nowMs = await deps.state.nowMs();
  const assess = await createAssess(desired?.applications ?? []);
  return Promise.all(
    matching.map(async (found) => {
      const live = desired && (await readLive(deps, desired.cluster, found.outcome.ref));
      const lastChange = await lastChangeOf(deps.source, item, found);
      return explained(item, found, { desired, live, lastChange, runs, nowMs, assess });
    }),
  );
}

/** Kinds as kubectl takes them: any case, singular or plural. */
export function isKindNamed({ kind }: { readonly kind: string }, text: string): boolean {
  const name = kind.toLowerCase();
  return [name, `${name}s`, `${name}es`, name.replace(/y$/, 'ies')].includes(text.toLowerCase());
}

function matches(ref: ObjectRef, query: ObjectQuery): boolean {
  const isKind = isKindNamed(ref, query.kind);
  const isGroup = query.group === undefined || query.group === ref.group;
  const isPlace = query.namespace === undefined || query.namespace === ref.namespace;
  return isKind && isGroup && isPlace && ref.name === query.name;
}

/** Undefined: gone, or its cluster is out of reach; the rest of the story is told all the same. */
async function readLive(
  { clusters }: ExplainDeps,
  declaration: ClusterDeclaration,
  ref: ObjectRef,
): Promise<KubeObject | undefined> {
  try {
    const connection = await clusters.connect(declaration, { userAgent: `plumbline/${VERSION} (explain)` });
    try {
      const path = preferredPathOf(servedKindsOf(await connection.discover()), ref);
      const result = path && (await connection.get(path, ref));
      return result?.ok ? result.value : undefined;
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (error instanceof PlumblineError && error.fault === 'platform') return undefined;
    throw error;
  }
}

async function lastChangeOf(
  source: Source,
  { desired }: ClusterItem,
  { source: place }: ObjectStatus,
): Promise<Commit | undefined> {
  if (desired === undefined || place === undefined) return undefined;
  try {
    return (await source.log(desired.commit.revision, { limit: 1, path: place.path }))[0];
  } catch (error) {
    if (error instanceof PlumblineError) return undefined;
    throw error;
  }
}

interface Known {
  readonly desired: DesiredState | undefined;
  readonly live: KubeObject | undefined;
  readonly lastChange: Commit | undefined;
  readonly runs: readonly RunSummary[];
  readonly nowMs: number;
  readonly assess: AssessObject;
}

function explained(item: ClusterItem, { outcome, source }: ObjectStatus, known: Known): ExplainedObject {
  const { desired, live, lastChange, runs, nowMs, assess } = known;
  const { ref, application } = outcome;
  const key = formatRef(ref);
  const madeBy = desired?.applications.find(({ name }) => name === application)?.madeBy;
  const run = runs.find(({ counts }) => counts.created + counts.configured > 0);
  const drift = runs.flatMap((one) => one.drift).find((one) => formatRef(one.ref) === key);
  const waits = outcome.result === 'skipped' && outcome.reason.startsWith('waits ') ? outcome.reason : undefined;
  return {
    ref,
    cluster: item.cluster,
    application,
    ...(madeBy && { madeBy }),
    ...(source && { source }),
    ...(lastChange && { lastChange }),
    ...(run && { run: { run: run.run, endedAtMs: run.startedAtMs + run.durationMs, result: outcome.result } }),
    ...(outcome.hook && { hook: outcome.hook }),
    sync: isBehind(outcome) ? 'out-of-sync' : 'synced',
    health: deepestOf(outcome.health, live && assess(application, live, nowMs)),
    managers: countFields(live?.metadata.managedFields ?? []),
    ...(drift && { drift }),
    problems: outcome.result === 'failed' ? [outcome.problem] : [],
    ...('warnings' in outcome && outcome.warnings && outcome.warnings.length > 0 && { warnings: outcome.warnings }),
    ...(waits && { waits }),
    dependants: dependantsOf(application, desired),
  };
}

/** Applications by name; of another cluster, which, for only that is known here. */
function dependantsOf(application: string, desired: DesiredState | undefined): readonly string[] {
  const { applications = [] } = desired ?? {};
  const here = applications.filter(({ dependsOn }) => dependsOn.includes(application)).map(({ name }) => name);
  const elsewhere = applications.find(({ name }) => name === application)?.dependants ?? [];
  return [...here, ...elsewhere.map(({ cluster }) => `something in ${cluster}`)];
}

/** The present is told, unless the last run said the same and why: it looked at Pods, events and logs too. */
function deepestOf(seen: HealthVerdict | undefined, now: HealthVerdict | undefined): HealthVerdict {
  if (now === undefined) return seen ?? { health: 'unknown', reason: 'not read' };
  return seen?.health === now.health && seen.reason.startsWith(now.reason) ? seen : now;
}

function isBehind(outcome: Outcome): boolean {
  return outcome.result === 'failed' || (outcome.result === 'skipped' && outcome.reason !== LEFT_ALONE);
}

const LEFT_ALONE: SkipReason = 'left-alone';
