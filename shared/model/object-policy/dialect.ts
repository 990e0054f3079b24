/**
 * What annotations may say and what each does, as rows: the readers go by them and docs/annotations.md is made of them,
 * so that the two cannot disagree. A file a tool holds its rows.
 */
import type { HookDeletePolicy, HookRun, ObjectPolicy } from '../object-policy.ts';

/** Parts of a policy as annotations set them; those of a hook one by one, for each has an annotation of its own. */
export type PolicyPart = { readonly [K in Exclude<keyof ObjectPolicy, 'hook'>]?: ObjectPolicy[K] } & {
  readonly hookRuns?: readonly HookRun[];
  readonly hookDeletePolicies?: readonly HookDeletePolicy[];
  readonly hookTimeoutMs?: number;
};

/** One value of an annotation. Lists in the parts of one annotation's values are joined. */
export type Meaning = FixedMeaning | OpenMeaning;

interface FixedMeaning {
  /** Word for word. */
  readonly value: string;
  /** For docs/annotations.md: what it makes of an object. */
  readonly effect: string;
  /** Empty: it is accepted and changes nothing, for the reason that `effect` gives. */
  readonly part: PolicyPart;
}

interface OpenMeaning {
  /** How it is written, for people: `a whole number such as "-1"`. */
  readonly form: string;
  readonly example: string;
  readonly effect: string;
  /** Undefined: `value` is not of this form. */
  readonly read: (value: string) => PolicyPart | undefined;
}

export interface Annotation {
  readonly name: string;
  /** Several values, separated by commas. */
  readonly isList?: true;
  /** Counts only on objects that have this annotation too. */
  readonly beside?: string;
  readonly meanings: readonly Meaning[];
}

export interface Dialect {
  /** Whose words they are, for people. */
  readonly tool: string;
  /** Annotations below this prefix that are neither in the rows nor written by ourselves are mistakes. */
  readonly own?: { readonly prefix: string; readonly written: readonly string[] };
  /** Capital letters make no difference in values. */
  readonly isCaseless?: true;
  /** The tool reads labels of these names as well. */
  readonly inLabels?: true;
  readonly annotations: readonly Annotation[];
}
