/**
 * An Application whose name is known, whatever else is wrong with it, and where it is written: in a document of its own,
 * or in that of a template.
 */

import { dnsName } from '../../model/declaration-fields.ts';
import {
  type ApplicationDeclaration,
  applicationSchema,
  type BrokenApplication,
  clusterSelectorSchema,
  type MadeBy,
} from '../../model/declarations.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import { type DeclarationDocument, type FieldFault, type FieldPath, valueAt } from './declaration-document.ts';
import { describeIssue } from './describe-issue.ts';

export interface NamedApplication {
  readonly name: string;
  readonly document: DeclarationDocument;
  /** Absent: the document is the Application. */
  readonly madeBy?: MadeBy;
  /** As it is written, or as the template gives it, without defaults. */
  readonly written: Json;
}

/** One that nothing is wrong with by itself. */
export interface FoundApplication extends NamedApplication {
  readonly declaration: ApplicationDeclaration;
}

/** Something that is wrong with one application. */
export interface ApplicationFault {
  readonly application: NamedApplication;
  readonly fault: FieldFault;
  /** Clusters for which alone it is wrong. Absent: wherever it goes. */
  readonly clusters?: readonly string[];
  /** Names of others that it concerns as much. */
  readonly others?: readonly string[];
}

export interface BrokenText {
  readonly application: NamedApplication;
  /** What is wrong with the text that it is written in, or that it was to be made from. */
  readonly problems: readonly Problem[];
}

/** Returns the application, or what is wrong with it by itself. */
export function checkApplication(
  application: NamedApplication,
): { readonly found: FoundApplication } | { readonly faults: readonly ApplicationFault[] } {
  const parsed = applicationSchema.safeParse(application.written);
  if (parsed.success) return { found: { ...application, declaration: parsed.data } };
  const faults = parsed.error.issues.flatMap((issue) => describeIssue(issue, 'Application', application.written));
  return { faults: faults.map((fault) => ({ application, fault })) };
}

/** Returns where a field of the application stands in its document. */
export function pathInDocument({ madeBy }: NamedApplication, path: FieldPath): FieldPath {
  return madeBy === undefined ? path : ['spec', 'template', ...path];
}

type Intent = Pick<BrokenApplication, 'clusters' | 'formerNames' | 'suspend'>;

/** Returns what can be relied on of an application that is broken: each field that is right by itself. */
export function intentOf({ written }: NamedApplication): Intent {
  const clusters = clusterSelectorSchema.safeParse(valueAt(written, ['spec', 'clusters']));
  const formerNames = [valueAt(written, ['spec', 'formerName']) ?? []].flat();
  const suspend = valueAt(written, ['spec', 'suspend']);
  return {
    ...(clusters.success && { clusters: clusters.data }),
    formerNames: formerNames.filter((name): name is string => dnsName.safeParse(name).success),
    ...(typeof suspend === 'boolean' && { suspend }),
  };
}

/** Returns the name that a document gives an application; undefined where it gives none that could be one. */
export function applicationName(value: Json): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const name = dnsName.safeParse(valueAt(value, ['metadata', 'name']));
  return name.success ? name.data : undefined;
}
