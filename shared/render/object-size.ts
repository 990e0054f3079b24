/**
 * How large an object may be: the API server refuses requests over 3 MiB, and ConfigMaps and Secrets whose data come to
 * more than 1 MiB (kubernetes.io, "ConfigMaps"; apimachinery MaxSecretSize). Found at rendering, the message names the
 * file; found in the cluster, it would be a 413 in the middle of a run.
 */
import { isJsonObject } from '../model/json.ts';
import { stringifyJson } from '../model/json-text.ts';
import type { KubeObject } from '../model/kube-object.ts';

const MAX_REQUEST_BYTES = 3 * 1024 * 1024;
const MAX_DATA_BYTES = 1024 * 1024;

export interface TooLarge {
  readonly wrong: string;
  readonly remedy: string;
}

/** Returns why `object` is too large to be applied; undefined when it is not. */
export function tooLarge(object: KubeObject): TooLarge | undefined {
  if (object.apiVersion === 'v1' && (object.kind === 'ConfigMap' || object.kind === 'Secret')) {
    const textBytes = object.kind === 'Secret' ? unpackedLength : utf8Length;
    const dataBytes = sumOver(object.data, textBytes) + sumOver(object.binaryData, unpackedLength);
    if (dataBytes <= MAX_DATA_BYTES) return undefined;
    return {
      wrong: `its data come to ${inMebibytes(dataBytes)}; a ${object.kind} holds at most 1 MiB`,
      remedy: 'part it, or bring large files in with an image or a volume',
    };
  }
  const text = stringifyJson(object);
  if (text.length * 3 <= MAX_REQUEST_BYTES) return undefined; // UTF-8 takes 3 bytes for a UTF-16 unit at most
  const sizeBytes = utf8Length(text);
  if (sizeBytes <= MAX_REQUEST_BYTES) return undefined;
  return {
    wrong: `it comes to ${inMebibytes(sizeBytes)}; an API server takes at most 3 MiB`,
    remedy: 'part it into several objects',
  };
}

function sumOver(data: unknown, lengthOf: (text: string) => number): number {
  if (!isJsonObject(data)) return 0;
  return Object.values(data).reduce<number>((sum, value) => sum + (typeof value === 'string' ? lengthOf(value) : 0), 0);
}

const utf8Length = (text: string) => new TextEncoder().encode(text).length;
/** Of what a base64 text holds, which is what the API counts. */
const unpackedLength = (base64: string) => Math.floor((base64.replace(/=*$/, '').length * 3) / 4);

function inMebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
