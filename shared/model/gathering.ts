/** What a run of a cluster is asked to gather for renderings, and what it found there. */
import { type GatheredValue, keyOfObject, keyOfPlace, type ValuePlace } from './gathered.ts';
import type { KubeObject } from './kube-object.ts';
import type { Problem } from './problem.ts';
import type { ObjectReference } from './render-settings/values-from.ts';
import type { ServiceAccountName } from './service-account.ts';

export type ClusterPlace = Extract<ValuePlace, { readonly from: 'configMap' | 'secret' }>;
export type OutsidePlace = Exclude<ValuePlace, ClusterPlace>;

/** What is done with values: the act of every problem of theirs. */
export const READING_VALUES = 'read for the rendering';

/** Tells a problem that says nothing of the repository: what is there could not be looked at from here. */
export function isOutOfSight({ act, code }: Problem): boolean {
  return act === READING_VALUES && code !== 'ValueMissing' && code !== 'ConfigInvalid';
}

/** All of one application in one cluster. */
export interface GatherRequest {
  readonly application: string;
  /** Whose rights count; absent: our own. */
  readonly serviceAccount?: ServiceAccountName;
  readonly places: readonly ClusterPlace[];
  readonly objects: readonly ObjectReference[];
}

/** `refused`: whoever asked may not read it, or was given no answer. */
export type FoundValue =
  | Exclude<GatheredValue, { readonly found: 'nothing' }>
  | { readonly found: 'nothing'; readonly missing: string }
  | { readonly found: 'refused'; readonly problem: Problem };

export type FoundObjects =
  | { readonly found: 'objects'; readonly objects: readonly KubeObject[] }
  | { readonly found: 'refused'; readonly problem: Problem };

/** What one application was told: by `keyOfPlace` and `keyOfObject`. */
export interface GatheredFor {
  readonly application: string;
  readonly serviceAccount?: ServiceAccountName;
  readonly values: Readonly<Record<string, FoundValue>>;
  readonly objects: Readonly<Record<string, FoundObjects>>;
}

/** Content of a `gathered/` blob: equal for equal content of the cluster, whenever it was read. */
export type GatheredInCluster = readonly GatheredFor[];

export function isInCluster<Place extends ValuePlace>(place: Place): place is Extract<Place, ClusterPlace> {
  return place.from === 'configMap' || place.from === 'secret';
}

/** Tells whether it was gathered for that application, under the same account. */
export function isOf(gathered: GatheredFor, { application, serviceAccount }: GatherRequest): boolean {
  return gathered.application === application && gathered.serviceAccount === serviceAccount;
}

/** Returns what was found for a request; undefined: not all of it was gathered yet. */
export function answerTo(gathered: GatheredInCluster, request: GatherRequest): GatheredFor | undefined {
  const answer = gathered.find((one) => isOf(one, request));
  const hasAll =
    request.places.every((place) => answer?.values[keyOfPlace(place)] !== undefined) &&
    request.objects.every((object) => answer?.objects[keyOfObject(object)] !== undefined);
  return hasAll ? answer : undefined;
}
