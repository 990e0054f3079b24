/**
 * What a rendering is told from outside of Git: values and objects that its application names. Runs of a cluster gather
 * what stands there, the planner reads the rest; the renderer reaches neither. Only the sealed input of a rendering holds
 * the values themselves: its digest is made of a keyed digest of them.
 */
import type { KubeObject } from './kube-object.ts';
import type { ObjectReference, ValuesReference } from './render-settings/values-from.ts';

/** A reference with its defaults filled in: part of the settings of a rendering. */
export type GatheredReference = ValuePlace & {
  /** What is not there is left away. */
  readonly optional: boolean;
  /** Where the text goes among the values; absent: the text is YAML of values. */
  readonly targetPath?: string;
};

export type ValuePlace =
  | {
      readonly from: 'configMap' | 'secret';
      readonly namespace: string;
      readonly name: string;
      /** Absent: all of its data. */
      readonly key?: string;
    }
  /** `region` absent: that of the installation. */
  | { readonly from: 'ssmParameter'; readonly name: string; readonly region?: string }
  | { readonly from: 'stackOutput'; readonly stack: string; readonly output: string; readonly region?: string };

/** What was found where a reference points to. Never `nothing` for one that is not optional: then nothing is rendered. */
export type GatheredValue =
  | { readonly found: 'text'; readonly text: string; readonly isSecret: boolean }
  /** All of a ConfigMap or Secret. */
  | { readonly found: 'entries'; readonly entries: Readonly<Record<string, string>>; readonly isSecret: boolean }
  | { readonly found: 'nothing' };

/** Everything that one rendering is told; look things up with `valueAt` and `objectsAt`. */
export interface Gathered {
  /** By `keyOfPlace`. */
  readonly values: Readonly<Record<string, GatheredValue>>;
  /** By `keyOfObject`: none or one object where a name is given, all of the kind (by namespace, name) where none is. */
  readonly objects: Readonly<Record<string, readonly KubeObject[]>>;
}

/** Returns the reference as it counts for an application in `namespace`; `key`: what a ConfigMap is read at by default. */
export function resolveReference(
  { configMap, secret, ssmParameter, stackOutput, optional, targetPath }: ValuesReference,
  { namespace, key }: { readonly namespace: string; readonly key?: string },
): GatheredReference {
  const how = { optional, ...(targetPath !== undefined && { targetPath }) };
  if (ssmParameter !== undefined) return { from: 'ssmParameter', ...withoutGaps(ssmParameter), ...how };
  if (stackOutput !== undefined) return { from: 'stackOutput', ...withoutGaps(stackOutput), ...how };
  const from = configMap === undefined ? 'secret' : 'configMap';
  const { name = '', ...given } = configMap ?? secret ?? {};
  return { from, namespace, ...(key !== undefined && { key }), ...withoutGaps(given), name, ...how };
}

/** Returns the key of a place: equal for references that read the same. */
export function keyOfPlace(place: ValuePlace): string {
  switch (place.from) {
    case 'configMap':
    case 'secret':
      return JSON.stringify([place.from, place.namespace, place.name, place.key ?? null]);
    case 'ssmParameter':
      return JSON.stringify([place.from, place.region ?? null, place.name]);
    case 'stackOutput':
      return JSON.stringify([place.from, place.region ?? null, place.stack, place.output]);
  }
}

/** Returns where a value stands, as people read it: `Secret/web/db`, `parameter /web/host`, `output Url of stack web`. */
export function describePlace(place: ValuePlace): string {
  switch (place.from) {
    case 'configMap':
      return `ConfigMap/${place.namespace}/${place.name}`;
    case 'secret':
      return `Secret/${place.namespace}/${place.name}`;
    case 'ssmParameter':
      return `parameter ${place.name}${regionOf(place)}`;
    case 'stackOutput':
      return `output ${place.output} of stack ${place.stack}${regionOf(place)}`;
  }
}

function regionOf({ region }: { readonly region?: string }): string {
  return region === undefined ? '' : ` in ${region}`;
}

export function keyOfObject({ apiVersion, kind, namespace, name }: ObjectReference): string {
  return JSON.stringify([apiVersion, kind, namespace ?? '', name ?? '']);
}

/** Returns what was found at the place of a reference. */
export function valueAt(gathered: Gathered | undefined, place: ValuePlace): GatheredValue {
  return gathered?.values[keyOfPlace(place)] ?? { found: 'nothing' };
}

/** Returns the objects that a lookup finds; undefined: the application does not list it. */
export function objectsAt(
  gathered: Gathered | undefined,
  reference: ObjectReference,
): readonly KubeObject[] | undefined {
  return gathered?.objects[keyOfObject(reference)];
}

type WithoutGaps<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

function withoutGaps<T extends object>(fields: T): WithoutGaps<T> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as WithoutGaps<T>;
}
