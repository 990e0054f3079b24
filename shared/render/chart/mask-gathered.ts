/**
 * Keeps what was gathered of Secrets out of what people read of a rendering: Go's errors like to quote the value that
 * they could not use, and Helm's warnings print whole maps.
 */
import { PlumblineError } from '../../errors.ts';
import type { Gathered } from '../../model/gathered.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { parseYaml } from '../yaml.ts';

const MASK = '***';
/** Shorter ones say nothing, and would mask half of every message. */
const SHORTEST = 4;

export type Mask = (text: string) => string;

/** Returns what masks every text of a Secret and of a secret parameter, as it is and in base64. */
export function maskOf(gathered: Gathered | undefined): Mask {
  if (gathered === undefined) return (text) => text;
  const ofValues = Object.values(gathered.values).flatMap((value): readonly string[] => {
    if (value.found === 'nothing' || !value.isSecret) return [];
    const texts = value.found === 'text' ? [value.text] : Object.values(value.entries);
    return texts.flatMap((text) => [text, ...leavesOf(parseYaml(text).documents.map(({ document }) => document))]);
  });
  const ofObjects = Object.values(gathered.objects)
    .flat()
    .filter(({ kind }) => kind === 'Secret')
    .flatMap(({ data }) => leavesOf(isJsonObject(data) ? Object.values(data) : []))
    .flatMap((encoded) => [encoded, Buffer.from(encoded, 'base64').toString('utf8')]);
  const plain = [...ofValues, ...ofObjects].flatMap((text) => [text, text.trim()]);
  const secrets = [...new Set(plain.flatMap((text) => [text, Buffer.from(text).toString('base64')]))]
    .filter((text) => text.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}

/** Returns `error` with the same problems, masked; without its cause, which is not. */
export function maskedError(error: unknown, mask: Mask): unknown {
  if (!(error instanceof PlumblineError)) return error;
  const [first, ...others] = error.problems.map((problem) => ({ ...problem, wrong: mask(problem.wrong) }));
  return first === undefined ? error : new PlumblineError([first, ...others]);
}

function leavesOf(values: readonly Json[]): readonly string[] {
  return values.flatMap((value): readonly string[] => {
    if (Array.isArray(value)) return leavesOf(value);
    if (isJsonObject(value)) return leavesOf(Object.values(value));
    return value === null || typeof value === 'boolean' ? [] : [String(value)];
  });
}
