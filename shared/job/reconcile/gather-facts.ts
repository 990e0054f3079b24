/**
 * Reads in a cluster what renderings are told of it: exactly the ConfigMaps, Secrets and objects that its applications
 * name, each with the rights of the application that asks. What is kept is equal as long as the content of the cluster
 * is, so a check that finds nothing new wakes nobody.
 */
import { keyOfObject, keyOfPlace } from '../../model/gathered.ts';
import {
  type ClusterPlace,
  type FoundObjects,
  type FoundValue,
  type GatheredFor,
  type GatheredInCluster,
  type GatherRequest,
  isOf,
} from '../../model/gathering.ts';
import { canonicalJson } from '../../model/json-text.ts';
import type { ObjectReference } from '../../model/render-settings/values-from.ts';
import { readJsonBlob, writeJsonBlob } from '../blob-json.ts';
import type { BlobStore, ClusterConnection, Discovery } from '../ports.ts';
import { eachConcurrently } from './each-concurrently.ts';
import { type FoundInCluster, lookUp } from './gather-objects.ts';
import { servedKindsOf } from './served-kinds.ts';
import { valueIn } from './value-in-object.ts';

export interface Gathering {
  readonly connection: ClusterConnection;
  readonly discovery: Discovery;
  readonly requests: readonly GatherRequest[];
  readonly concurrency: number;
}

export interface GatheredFacts {
  /** Of the blob with what was gathered; absent: nothing is asked for. */
  readonly key?: string;
  /** The planner has to hear of it. */
  readonly isNews: boolean;
}

/**
 * Gathers what is asked for; `lastKey`: what the run before left.
 *
 * @throws {ClusterUnreachable | CredentialsExpired | Throttled} when the cluster gives no answer.
 */
export async function gatherFacts(
  blobs: BlobStore,
  gathering: Gathering,
  lastKey: string | undefined,
): Promise<GatheredFacts> {
  if (gathering.requests.length === 0) return { isNews: false };
  // A blob that is lost is news: the planner could not read it either.
  const last = lastKey === undefined ? undefined : await readJsonBlob<GatheredInCluster>(blobs, lastKey);
  const gathered = await readGathered(gathering, last);
  const text = canonicalJson(gathered);
  if (lastKey !== undefined && last !== undefined && text === canonicalJson(last)) {
    return { key: lastKey, isNews: false };
  }
  const key = `gathered/${blobs.digest(text)}`;
  await writeJsonBlob(blobs, key, gathered);
  return { key, isNews: true };
}

/** Returns what applications are told now; where the API server is at a loss for a moment, what they were told `last`. */
export async function readGathered(
  { connection, discovery, requests, concurrency }: Gathering,
  last: GatheredInCluster = [],
): Promise<GatheredInCluster> {
  const accounts = requests.flatMap(({ application, serviceAccount }) =>
    serviceAccount === undefined ? [] : [[application, serviceAccount] as const],
  );
  const acting = connection.actingAs(new Map(accounts));
  const place = { served: servedKindsOf(discovery), staleGroups: discovery.staleGroups };
  const asked = requests.flatMap((request) => distinctReferences(request).map((reference) => ({ request, reference })));
  const found = await eachConcurrently(asked, concurrency, async ({ request, reference }) => {
    const { application } = request;
    const answer = await lookUp({ ...place, application, requests: acting.for(application) }, reference);
    return { application, key: keyOfObject(reference), answer };
  });
  const byApplication = Map.groupBy(found, ({ application }) => application);
  return requests.map((request) => {
    const answers = new Map((byApplication.get(request.application) ?? []).map(({ key, answer }) => [key, answer]));
    const before = last.find((one) => isOf(one, request));
    return toldTo(request, answers, before);
  });
}

/** Two keys of one Secret cost one request. */
function distinctReferences({ places, objects }: GatherRequest): readonly ObjectReference[] {
  const all = [...places.map(referenceTo), ...objects];
  return [...new Map(all.map((reference) => [keyOfObject(reference), reference])).values()];
}

function referenceTo({ from, namespace, name }: ClusterPlace): ObjectReference {
  return { apiVersion: 'v1', kind: from === 'secret' ? 'Secret' : 'ConfigMap', namespace, name };
}

function toldTo(
  { application, serviceAccount, places, objects }: GatherRequest,
  answers: ReadonlyMap<string, FoundInCluster>,
  before: GatheredFor | undefined,
): GatheredFor {
  const answerTo = (reference: ObjectReference): FoundInCluster =>
    answers.get(keyOfObject(reference)) ?? { found: 'objects', objects: [] };
  const values = places.map((place): readonly [string, FoundValue] => {
    const key = keyOfPlace(place);
    const answer = answerTo(referenceTo(place));
    const isUnclear = answer.found === 'refused' && answer.passes;
    return [key, (isUnclear ? before?.values[key] : undefined) ?? valueIn(answer, place)];
  });
  const looked = objects.map((reference): readonly [string, FoundObjects] => {
    const key = keyOfObject(reference);
    const answer = answerTo(reference);
    if (answer.found === 'objects') return [key, answer];
    const { passes, problem } = answer;
    return [key, (passes ? before?.objects[key] : undefined) ?? { found: 'refused', problem }];
  });
  return {
    application,
    ...(serviceAccount !== undefined && { serviceAccount }),
    values: Object.fromEntries(values),
    objects: Object.fromEntries(looked),
  };
}
