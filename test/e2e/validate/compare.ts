/** Our verdict beside that of the API server, for objects and for every mutation of them. */

import { RULES } from '../../../shared/model/finding.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import { stringifyJson } from '../../../shared/model/json-text.ts';
import { readFileObjects } from '../../../shared/render/read-objects.ts';
import { checkObject } from '../../../shared/validate/check-object.ts';
import type { CheckRules } from '../../../shared/validate/check-rules.ts';
import { formatPath } from '../../../shared/validate/fault.ts';
import type { KnownKinds } from '../../../shared/validate/known-kinds.ts';
import { mutationsOf } from './mutations.ts';
import type { AskServer } from './server-verdict.ts';

export interface Comparison {
  readonly asked: number;
  readonly taken: number;
  readonly refused: number;
  /** Of what the server refused. */
  readonly found: number;
  /** What we refuse and the server takes. */
  readonly falseAlarms: readonly string[];
  readonly missed: readonly string[];
}

interface Compared {
  readonly label: string;
  readonly server: 'takes' | 'refuses' | 'other';
  readonly said: string;
  readonly ours: readonly string[];
}

export interface CompareWith {
  readonly server: AskServer;
  readonly kinds: KnownKinds;
  readonly namespace: string;
  readonly checkRules?: CheckRules;
}

/** Compares the object as it is, which the server must take, and every mutation of it. */
export async function compareMutations(object: JsonObject, by: CompareWith): Promise<Comparison> {
  const whole = await compareOne(`${object.kind}`, object, by);
  if (whole.server !== 'takes') throw new Error(`the server does not take ${object.kind}: ${whole.said}`);
  const mutations = mutationsOf(object);
  const compared = [whole];
  for (let at = 0; at < mutations.length; at += 8) {
    const some = mutations.slice(at, at + 8);
    compared.push(...(await Promise.all(some.map((one) => compareOne(`${object.kind}: ${one.what}`, one.object, by)))));
  }
  return summary(compared);
}

export async function compareObjects(objects: readonly JsonObject[], by: CompareWith): Promise<Comparison> {
  const compared: Compared[] = [];
  for (const object of objects)
    compared.push(await compareOne(`${object.kind} ${stringifyJson(object.metadata ?? {}).slice(0, 120)}`, object, by));
  return summary(compared);
}

export function addUp(comparisons: readonly Comparison[]): Comparison {
  const sum = (of: (one: Comparison) => number) => comparisons.reduce((total, one) => total + of(one), 0);
  return {
    asked: sum(({ asked }) => asked),
    taken: sum(({ taken }) => taken),
    refused: sum(({ refused }) => refused),
    found: sum(({ found }) => found),
    falseAlarms: comparisons.flatMap(({ falseAlarms }) => falseAlarms),
    missed: comparisons.flatMap(({ missed }) => missed),
  };
}

function summary(compared: readonly Compared[]): Comparison {
  const refused = compared.filter(({ server }) => server === 'refuses');
  return {
    asked: compared.length,
    taken: compared.filter(({ server }) => server === 'takes').length,
    refused: refused.length,
    found: refused.filter(({ ours }) => ours.length > 0).length,
    falseAlarms: compared
      .filter(({ server, ours }) => server === 'takes' && ours.length > 0)
      .map(({ label, ours }) => `${label}: ${ours.join(' | ')}`),
    missed: refused.filter(({ ours }) => ours.length === 0).map(({ label, said }) => `${label}: ${said}`),
  };
}

async function compareOne(label: string, object: JsonObject, by: CompareWith): Promise<Compared> {
  const { verdict, message } = await by.server.ask({ path: addressOf(object, by), body: object });
  return { label, server: verdict, said: message.slice(0, 300), ours: oursOn(object, by) };
}

/** Read as from a file, so that what is refused there counts as found. */
function oursOn(object: JsonObject, { kinds, checkRules }: CompareWith): readonly string[] {
  const { objects, problems } = readFileObjects(stringifyJson(object), 'object.json');
  const faults = objects.flatMap((one) => checkObject(one.object, kinds, checkRules));
  const errors = faults.filter(({ rule }) => RULES[rule].level === 'error');
  return [...problems.map(({ wrong }) => wrong), ...errors.map(({ path, wrong }) => `${formatPath(path)} ${wrong}`)];
}

function addressOf({ apiVersion, kind, metadata }: JsonObject, { kinds, namespace }: CompareWith): string {
  const known = kinds.find(String(apiVersion), String(kind));
  if (known === undefined || known.from === 'crd-other-version') throw new Error(`${kind} is not known`);
  const { name } = typeof metadata === 'object' && metadata !== null ? (metadata as JsonObject) : {};
  const root = String(apiVersion).includes('/') ? '/apis' : '/api';
  const scope = known.namespaced ? `/namespaces/${namespace}` : '';
  return `${root}/${apiVersion}${scope}/${known.plural}/${encodeURIComponent(String(name))}`;
}
