import { closestWord, quoted } from '../closest-word.ts';
import type { KubeObject } from '../kube-object.ts';
import type { HookRun } from '../object-policy.ts';
import type { Annotation, Dialect, Meaning, PolicyPart } from './dialect.ts';

/** What one annotation of an object asks for. */
export interface PolicyWord {
  readonly part: PolicyPart;
  /** As it stands in the object: `plumbline.dev/prune: "false"`. */
  readonly annotation: string;
}

export interface Fault {
  readonly wrong: string;
  readonly remedy: string;
}

export type DialectReading =
  | { readonly ok: true; readonly words: readonly PolicyWord[] }
  | ({ readonly ok: false } & Fault);

/** Returns what the annotations of one tool on `object` say; no words where it has none of them. */
export function readDialect({ metadata }: KubeObject, dialect: Dialect): DialectReading {
  const { annotations = {}, labels = {} } = metadata;
  const words: PolicyWord[] = [];
  for (const annotation of dialect.annotations) {
    const { name, beside } = annotation;
    if (beside !== undefined && annotations[beside] === undefined) continue;
    for (const text of [annotations[name], dialect.inLabels && labels[name]]) {
      if (text === undefined) continue;
      const read = readAnnotation(annotation, text, dialect);
      if ('wrong' in read) return { ok: false, ...read };
      words.push({ part: read, annotation: `${name}: "${text}"` });
    }
  }
  return { ok: true, words };
}

/** Values of a list add up: lists in their parts are joined, and nothing is said in two ways. */
function readAnnotation(annotation: Annotation, text: string, dialect: Dialect): PolicyPart | Fault {
  const values = annotation.isList
    ? text
        .split(',')
        .map((value) => value.trim())
        .filter((value) => value !== '')
    : [dialect.isCaseless ? text.trim() : text];
  let whole: PolicyPart = {};
  for (const value of values) {
    const part = partOf(annotation.meanings, value, dialect);
    if (part === undefined) return unknownValue(annotation, value);
    const disputed = disputedPart(whole, part);
    if (disputed !== undefined) {
      return {
        wrong: `annotation ${annotation.name}: "${text}" contradicts itself`,
        remedy: `take "${value}" or what stands before it away`,
      };
    }
    whole = joinParts(whole, part);
  }
  return whole.hookRuns === undefined ? whole : { ...whole, hookRuns: joinRuns(whole.hookRuns) };
}

function partOf(meanings: readonly Meaning[], value: string, { isCaseless }: Dialect): PolicyPart | undefined {
  const plain = (word: string) => (isCaseless ? word.toLowerCase() : word);
  for (const meaning of meanings) {
    if ('read' in meaning) {
      const part = meaning.read(value);
      if (part !== undefined) return part;
    } else if (plain(meaning.value) === plain(value)) return meaning.part;
  }
  return undefined;
}

function unknownValue({ name, isList, meanings }: Annotation, value: string): Fault {
  const words = meanings.flatMap((meaning) => ('value' in meaning ? [meaning.value] : []));
  const forms = meanings.flatMap((meaning) => ('form' in meaning ? [meaning.form] : []));
  const closest = closestWord(value, words);
  const allowed = [...forms, ...(words.length === 0 ? [] : [`one of ${quoted(words)}`])].join(' or ');
  return {
    wrong: `annotation ${name} ${isList ? 'holds' : 'is'} "${value}"`,
    remedy: closest === undefined ? `give ${allowed}` : `did you mean "${closest}"?`,
  };
}

/** Returns the name of a part that both set, differently; lists add up. */
function disputedPart(one: PolicyPart, other: PolicyPart): string | undefined {
  const others = new Map(Object.entries(other));
  return Object.entries(one).find(([name, value]) => {
    const said = others.get(name);
    return said !== undefined && !Array.isArray(value) && said !== value;
  })?.[0];
}

function joinParts(one: PolicyPart, other: PolicyPart): PolicyPart {
  const joined = <T>(left: readonly T[] | undefined, right: readonly T[] | undefined) =>
    left && right ? [...left, ...right] : (left ?? right);
  const hookRuns = joined(one.hookRuns, other.hookRuns);
  const hookDeletePolicies = joined(one.hookDeletePolicies, other.hookDeletePolicies);
  const dependsOn = joined(one.dependsOn, other.dependsOn);
  const ignore = joined(one.ignore, other.ignore);
  return {
    ...one,
    ...other,
    ...(hookRuns && { hookRuns }),
    ...(hookDeletePolicies && { hookDeletePolicies }),
    ...(dependsOn && { dependsOn }),
    ...(ignore && { ignore }),
  };
}

/** Helm's `pre-install,pre-upgrade` is every time. */
function joinRuns(runs: readonly HookRun[]): readonly HookRun[] {
  const byPhase = new Map<HookRun['phase'], HookRun['on']>();
  for (const { phase, on } of runs) {
    const before = byPhase.get(phase);
    byPhase.set(phase, before === undefined || before === on ? on : 'every');
  }
  return [...byPhase].map(([phase, on]) => ({ phase, on }));
}
