/**
 * Reads the annotations of an object in all dialects. A Helm hook is one outside a chart too: manifests that Helm
 * rendered once and someone committed keep their meaning, and none of them is applied that Helm would not apply.
 */
import { suggest } from '../closest-word.ts';
import { type KubeObject, refOf } from '../kube-object.ts';
import { DEFAULT_POLICY, type ObjectPolicy } from '../object-policy.ts';
import { formatRef } from '../object-ref.ts';
import type { Problem } from '../problem.ts';
import { ARGO_CD } from './argocd.ts';
import type { Dialect, PolicyPart } from './dialect.ts';
import { FLUX } from './flux.ts';
import { HELM } from './helm.ts';
import { KPT } from './kpt.ts';
import { PLUMBLINE } from './plumbline.ts';
import { type Fault, type PolicyWord, readDialect } from './read-dialect.ts';

export const DIALECTS: readonly Dialect[] = [PLUMBLINE, ARGO_CD, HELM, FLUX, KPT];

const UNREADABLE: ObjectPolicy = { ...DEFAULT_POLICY, prune: 'no', removal: 'no' };

export interface PolicyReading {
  /** Where there is a problem: the defaults, but nothing that was not understood is deleted. */
  readonly policy: ObjectPolicy;
  /** Why the object cannot be applied as it stands. */
  readonly problem?: Problem;
}

/** Returns what the annotations of `object` ask for, in all dialects. */
export function readObjectPolicy(object: KubeObject): PolicyReading {
  const { annotations, labels } = object.metadata;
  if (annotations === undefined && labels === undefined) return { policy: DEFAULT_POLICY };
  const words: PolicyWord[] = [];
  for (const dialect of DIALECTS) {
    const fault = unknownAnnotation(annotations ?? {}, dialect);
    const reading = fault === undefined ? readDialect(object, dialect) : ({ ok: false, ...fault } as const);
    if (!reading.ok) return { policy: UNREADABLE, problem: problemOf(object, reading) };
    words.push(...reading.words);
  }
  const dispute = disputeOf(words);
  if (dispute !== undefined) return { policy: UNREADABLE, problem: problemOf(object, dispute) };
  return { policy: words.length === 0 ? DEFAULT_POLICY : policyOf(words) };
}

function problemOf(object: KubeObject, { wrong, remedy }: Fault): Problem {
  return { code: 'ConfigInvalid', subject: formatRef(refOf(object)), act: 'plan', wrong, remedy };
}

/** A name below our own prefix that nothing goes by would be ignored without a word. */
function unknownAnnotation(
  annotations: Readonly<Record<string, string>>,
  { own, annotations: rows }: Dialect,
): Fault | undefined {
  if (own === undefined) return undefined;
  const known = rows.map(({ name }) => name);
  const unknown = Object.keys(annotations).find(
    (name) => name.startsWith(own.prefix) && !known.includes(name) && !own.written.includes(name),
  );
  if (unknown === undefined) return undefined;
  return { wrong: `annotation ${unknown} means nothing`, remedy: suggest(unknown, known, 'annotation') };
}

function disputeOf(words: readonly PolicyWord[]): Fault | undefined {
  const said = new Map<string, { readonly text: string; readonly annotation: string }>();
  for (const { part, annotation } of words) {
    for (const [name, value] of Object.entries(part)) {
      const text = textOf(value);
      const before = said.get(name);
      if (before !== undefined && before.text !== text) {
        return {
          wrong: `annotations ${before.annotation} and ${annotation} contradict each other`,
          remedy: 'take one of them away, or let both say the same',
        };
      }
      said.set(name, { text, annotation });
    }
  }
  return undefined;
}

/** Lists in any order are equal. */
function textOf(value: PolicyPart[keyof PolicyPart]): string {
  return Array.isArray(value)
    ? value
        .map((entry) => JSON.stringify(entry))
        .sort()
        .join()
    : JSON.stringify(value);
}

function policyOf(words: readonly PolicyWord[]): ObjectPolicy {
  let whole: PolicyPart = {};
  for (const { part } of words) whole = { ...whole, ...part };
  const { hookRuns, hookDeletePolicies = ['before-creation'], hookTimeoutMs, ...parts } = whole;
  const hook = hookRuns && {
    runs: hookRuns,
    deletePolicies: hookDeletePolicies,
    ...(hookTimeoutMs !== undefined && { timeoutMs: hookTimeoutMs }),
  };
  const removal = parts.removal ?? parts.prune ?? DEFAULT_POLICY.removal;
  return { ...DEFAULT_POLICY, ...parts, removal, ...(hook && { hook }) };
}
