import { type ClusterPlace, type FoundValue, READING_VALUES } from '../../model/gathering.ts';
import { isJsonObject } from '../../model/json.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { FoundInCluster } from './gather-objects.ts';

/** Keys that a message names. */
const MOST_KEYS = 10;

/** Returns what stands at `place` in the ConfigMap or Secret that was found. */
export function valueIn(answer: FoundInCluster, place: ClusterPlace): FoundValue {
  if (answer.found === 'refused') return { found: 'refused', problem: answer.problem };
  const [object] = answer.objects;
  if (object === undefined) return { found: 'nothing', missing: 'it does not exist' };
  const isSecret = place.from === 'secret';
  const texts = textsOf(object, isSecret);
  if (place.key === undefined) return entriesOf(texts, place);
  const text = texts.get(place.key);
  if (text === undefined) return { found: 'nothing', missing: `it has no key "${place.key}"${keysOf(texts)}` };
  return text === null ? notText(place, place.key) : { found: 'text', text, isSecret };
}

function entriesOf(texts: ReadonlyMap<string, string | null>, place: ClusterPlace): FoundValue {
  const binary = [...texts].find(([, text]) => text === null);
  if (binary !== undefined) return notText(place, binary[0]);
  const entries = Object.fromEntries([...texts].map(([key, text]) => [key, text ?? '']));
  return { found: 'entries', entries, isSecret: place.from === 'secret' };
}

/** Texts by key, sorted; null for bytes that are none. */
function textsOf({ data, binaryData }: KubeObject, isSecret: boolean): ReadonlyMap<string, string | null> {
  const plain = isSecret ? [] : fieldsOf(data);
  const packed = isSecret ? fieldsOf(data) : fieldsOf(binaryData);
  const all = [...plain, ...packed.map(([key, text]) => [key, decode(text)] as const)];
  return new Map(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function fieldsOf(data: unknown): readonly (readonly [string, string])[] {
  if (!isJsonObject(data)) return [];
  return Object.entries(data).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : []));
}

function decode(base64: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)),
    );
  } catch {
    return null;
  }
}

function keysOf(texts: ReadonlyMap<string, unknown>): string {
  if (texts.size === 0) return ', it is empty';
  const names = [...texts.keys()];
  const more = names.length > MOST_KEYS ? ` and ${names.length - MOST_KEYS} more` : '';
  return `, but ${names.slice(0, MOST_KEYS).join(', ')}${more}`;
}

function notText({ from, namespace, name }: ClusterPlace, key: string): FoundValue {
  const subject = `${from === 'secret' ? 'Secret' : 'ConfigMap'}/${namespace}/${name}`;
  const wrong = `what stands under "${key}" is no text (UTF-8)`;
  const remedy = 'name a key that holds text';
  return {
    found: 'refused',
    problem: { code: 'ConfigInvalid', subject, act: READING_VALUES, wrong, remedy },
  };
}
