/** What `plumbline validate` has to say of a repository: the rules by name, and one finding of one of them. */

import type { ErrorCode } from './problem.ts';

export type FindingLevel = 'error' | 'warning' | 'note';

/** How far a rule goes by itself, and what it is about; the text is shown by tools that read SARIF. */
export const RULES = {
  declaration: { level: 'error', text: 'Declarations are readable and agree with one another' },
  rendering: { level: 'error', text: 'Every application renders for every cluster' },
  'unsigned-commit': { level: 'warning', text: 'Commits are signed by someone whom the fleet trusts' },
  'rendering-warning': { level: 'warning', text: 'Renderers warn of nothing' },
  'unknown-field': { level: 'error', text: 'Fields are those that the kind has' },
  'missing-field': { level: 'error', text: 'Fields that the kind needs are there' },
  'wrong-type': { level: 'error', text: 'Values are of the type that the field takes' },
  'wrong-value': { level: 'error', text: 'Values are among those that the field takes' },
  'wrong-format': { level: 'error', text: 'Values are written as the field takes them' },
  'cut-number': { level: 'warning', text: 'Numbers are small enough to be kept as they are' },
  'unfit-parts': { level: 'error', text: 'Parts of one object that name one another fit together' },
  'double-entry': { level: 'error', text: 'Entries of a list that are told apart by a key stand there once' },
  'broken-rule': { level: 'error', text: 'Objects keep the rules of their CustomResourceDefinition' },
  'wrong-metadata': { level: 'error', text: 'Names, labels and annotations are written as Kubernetes takes them' },
  'unknown-kind': { level: 'note', text: 'Kinds are built in, or defined in the repository' },
  'api-removed': { level: 'error', text: 'APIs are served by the version of the cluster' },
  'api-removed-next': { level: 'warning', text: 'APIs are still served by the next version of the cluster' },
  'api-deprecated': { level: 'warning', text: 'APIs are not deprecated' },
  'api-not-enabled': { level: 'warning', text: 'APIs are served without being enabled' },
  'version-unknown': { level: 'note', text: 'The version of Kubernetes is declared, or known from a run' },
  'double-object': { level: 'error', text: 'An object is declared by one application of a cluster' },
  'unclear-annotation': { level: 'error', text: 'Annotations for Plumbline and its like mean something' },
  'dependency-circle': { level: 'error', text: 'Dependencies go in no circle' },
  'missing-dependency': { level: 'warning', text: 'What an object depends on is declared for the cluster' },
  'missing-namespace': { level: 'warning', text: 'Namespaces are declared, or made by an application' },
  'policy-denies': { level: 'error', text: 'ValidatingAdmissionPolicies of the cluster let the object in' },
  'policy-warns': { level: 'warning', text: 'ValidatingAdmissionPolicies of the cluster warn of nothing' },
  'not-checked': { level: 'note', text: 'Everything can be checked without a cluster' },
} as const satisfies Readonly<Record<string, { readonly level: FindingLevel; readonly text: string }>>;

export type RuleName = keyof typeof RULES;

/** Where it stands; line and column count from 1. */
export interface FindingPlace {
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
  /** Name of the Repository; absent: the one that the declarations stand in. */
  readonly repository?: string;
}

export interface Finding {
  readonly rule: RuleName;
  /** Of the problem that it was, which has an article of its own. */
  readonly code?: ErrorCode;
  readonly level: FindingLevel;
  /** The object, declaration or cluster that it is about. */
  readonly subject: string;
  /** What is wrong, with the value; lower case, no full stop. */
  readonly wrong: string;
  /** What to change; '' where there is nothing to do. */
  readonly remedy: string;
  /** Of the object: `.spec.replicas`. */
  readonly field?: string;
  readonly place?: FindingPlace;
  /** Sorted; empty: it concerns no cluster in particular. */
  readonly clusters: readonly string[];
  readonly applications: readonly string[];
}

/** Returns `path:line:column` as far as it is known; undefined: it stands nowhere in particular. */
export function formatFindingPlace({ place }: Finding): string | undefined {
  if (place === undefined) return undefined;
  const { repository, path, line, column } = place;
  const at = [path, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(':');
  return repository === undefined ? at : `${repository}//${at}`;
}

/** Returns what is wrong and what to change in one line: `.spec.replica: there is no such field; did you mean "replicas"?`. */
export function formatFinding({ field, wrong, remedy }: Finding): string {
  return `${field === undefined ? '' : `${field}: `}${wrong}${remedy === '' ? '' : `; ${remedy}`}`;
}
