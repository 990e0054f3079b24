/**
 * What the renderings of one plan are told from outside of Git. What stands in a cluster its last run has gathered;
 * parameters and outputs are read now.
 */
import type { ApplicationDeclaration } from '../../model/declarations.ts';
import {
  describePlace,
  type Gathered,
  type GatheredReference,
  type GatheredValue,
  keyOfObject,
  keyOfPlace,
} from '../../model/gathered.ts';
import {
  answerTo,
  type FoundValue,
  type GatheredFor,
  type GatheredInCluster,
  isInCluster,
  READING_VALUES,
} from '../../model/gathering.ts';
import { canonicalJson } from '../../model/json-text.ts';
import type { Problem } from '../../model/problem.ts';
import type { ApplicationSource } from '../../model/source-spec.ts';
import { type References, referencesOf } from '../../render/gathered-references.ts';
import type { GatheredInput } from '../../render/input.ts';
import type { BlobStore } from '../ports.ts';
import type { OutsideValues } from '../value-port.ts';
import { requestOf } from './gather-requests.ts';

export type ToldResult =
  /** `told` is absent where nothing is asked for. */
  | { readonly state: 'known'; readonly told?: GatheredInput }
  /** No run of the cluster has gathered it yet. */
  | { readonly state: 'needs-facts' }
  | { readonly state: 'wrong'; readonly problems: readonly Problem[] };

export interface ToldDeps {
  readonly outsideValues: OutsideValues;
  readonly digest: BlobStore['digest'];
  /** What the last run of a cluster gathered; undefined: none did. Asked only where an application refers to it. */
  readonly gatheredIn: (cluster: string) => Promise<GatheredInCluster | undefined>;
}

/** Returns what one source of an application is told in a cluster. */
export async function readTold(
  deps: ToldDeps,
  at: { readonly declaration: ApplicationDeclaration; readonly source: ApplicationSource; readonly cluster: string },
): Promise<ToldResult> {
  const references = referencesOf({ render: at.source.render, namespace: at.declaration.spec.namespace });
  if (references.places.length === 0 && references.objects.length === 0) return { state: 'known' };
  const request = requestOf(at.declaration, references);
  const outside = references.places.flatMap((place) => (isInCluster(place) ? [] : [place]));
  // Asked first: all that is asked for at once is read at once.
  const reading = outside.length === 0 ? [] : deps.outsideValues.read(outside);
  const inCluster =
    request === undefined ? NOTHING_IN_CLUSTER : answerTo((await deps.gatheredIn(at.cluster)) ?? [], request);
  const found = await reading;
  if (inCluster === undefined) return { state: 'needs-facts' };
  const values = {
    ...inCluster.values,
    ...Object.fromEntries(outside.map((place, index) => [keyOfPlace(place), found[index] ?? UNANSWERED])),
  };
  return toldOf(deps, references, { ...inCluster, values });
}

const NOTHING_IN_CLUSTER: GatheredFor = { application: '', values: {}, objects: {} };
const UNANSWERED: FoundValue = { found: 'nothing', missing: 'it was not read' };

function toldOf({ digest }: ToldDeps, { places, objects }: References, found: GatheredFor): ToldResult {
  const values = places.map((place) => {
    const key = keyOfPlace(place);
    return { key, ...judgeValue(place, found.values[key] ?? UNANSWERED) };
  });
  const lookups = objects.map((reference) => {
    const key = keyOfObject(reference);
    const answer = found.objects[key];
    return answer?.found === 'refused' ? { key, problem: answer.problem } : { key, value: answer?.objects ?? [] };
  });
  const problems = [...values, ...lookups].flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) return { state: 'wrong', problems };
  const gathered: Gathered = { values: byKey(values), objects: byKey(lookups) };
  return { state: 'known', told: { gathered, digest: digest(canonicalJson(gathered)) } };
}

interface Judged<T> {
  readonly value?: T;
  readonly problem?: Problem;
}

function judgeValue(place: GatheredReference, value: FoundValue): Judged<GatheredValue> {
  switch (value.found) {
    case 'text':
    case 'entries':
      return { value };
    case 'nothing':
      return place.optional ? { value: { found: 'nothing' } } : { problem: missing(place, value.missing) };
    case 'refused':
      return { problem: value.problem };
  }
}

function byKey<T>(judged: readonly (Judged<T> & { readonly key: string })[]): Readonly<Record<string, T>> {
  return Object.fromEntries(judged.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const])));
}

function missing(place: GatheredReference, wrong: string): Problem {
  const remedy = 'make it, correct the reference, or say "optional: true" where it may be missing';
  return { code: 'ValueMissing', subject: describePlace(place), act: READING_VALUES, wrong, remedy };
}
