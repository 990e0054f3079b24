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
const SHORTEST_LINE = 12;
/** Source: sigs.k8s.io/yaml, goyaml.v3 decode.go, `terror`. */
const GO_SHOWN = 7;

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
  const plain = [...ofValues, ...ofObjects].flatMap((text) => [text, text.trim(), ...longLinesOf(text)]);
  const secrets = [...new Set(plain.flatMap(waysToPrint))]
    .filter((text) => text.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}

/** Returns `error` with the same problems, masked; without its cause, which is not. */
export function maskedError(error: unknown, mask: Mask): unknown {
  if (!(error instanceof PlumblineError)) return error;
  const [first, ...others] = error.problems.map(({ subject, wrong, remedy, ...problem }) => {
    return { ...problem, subject: mask(subject), wrong: mask(wrong), remedy: mask(remedy) };
  });
  return first === undefined ? error : new PlumblineError([first, ...others]);
}

/** Of a key in PEM each line is a part of the secret, and what is indented or cut is printed line by line. */
function longLinesOf(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => (line.trim().length >= SHORTEST_LINE ? [line.trim()] : []));
}

/** As it is, quoted as Go and JSON do, in base64, and the beginning that Go's YAML reader shows of what is no number. */
function waysToPrint(text: string): readonly string[] {
  const cut = text.length > GO_SHOWN + 3 ? [`${text.slice(0, GO_SHOWN)}...`] : [];
  return [text, JSON.stringify(text).slice(1, -1), Buffer.from(text).toString('base64'), ...cut];
}

function leavesOf(values: readonly Json[]): readonly string[] {
  return values.flatMap((value): readonly string[] => {
    if (Array.isArray(value)) return leavesOf(value);
    if (isJsonObject(value)) return leavesOf(Object.values(value));
    return value === null || typeof value === 'boolean' ? [] : [String(value)];
  });
}
