import type { ApplicationTemplateDeclaration } from '../../model/application-template.ts';
import { suggest } from '../../model/closest-word.ts';
import { DECLARATION_KINDS, DECLARATION_SCHEMAS, type DeclarationKind } from '../../model/declaration-schema.ts';
import {
  API_VERSION,
  type ApplicationDeclaration,
  type ClusterDeclaration,
  type ClusterSetDeclaration,
  type FleetDeclaration,
  type RepositoryDeclaration,
} from '../../model/declarations.ts';
import { isJsonObject } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import type { TrustedKeyDeclaration } from '../../model/trusted-key.ts';
import { parseYaml, problemOfFault } from '../yaml.ts';
import { type DeclarationDocument, type FieldFault, problemOf } from './declaration-document.ts';
import { describeIssue } from './describe-issue.ts';

export type AnyDeclaration =
  | ApplicationDeclaration
  | ApplicationTemplateDeclaration
  | ClusterDeclaration
  | ClusterSetDeclaration
  | FleetDeclaration
  | RepositoryDeclaration
  | TrustedKeyDeclaration;

/** A document that says which kind of declaration it is, and the declaration when nothing is wrong with it by itself. */
export interface ReadDocument {
  readonly document: DeclarationDocument;
  readonly kind: DeclarationKind;
  readonly declaration: AnyDeclaration | undefined;
  /** What is wrong with its fields. */
  readonly faults: readonly FieldFault[];
  /** What is wrong with its text. */
  readonly problems: readonly Problem[];
}

export interface DeclarationFile {
  readonly path: string;
  readonly text: string;
}

/** Returns the declarations of all files, in order, and what is wrong with documents that do not say what they are. */
export function readDocuments(files: readonly DeclarationFile[]): ReadFile {
  const read = files.map((file) => {
    const known = readFiles.get(file) ?? readFile(file);
    readFiles.set(file, known);
    return known;
  });
  return { documents: read.flatMap(({ documents }) => documents), problems: read.flatMap(({ problems }) => problems) };
}

interface ReadFile {
  readonly documents: readonly ReadDocument[];
  readonly problems: readonly Problem[];
}

/** Whoever keeps a file finds its declarations the same, and with them all that is remembered of them. */
const readFiles = new WeakMap<DeclarationFile, ReadFile>();

function readFile(file: DeclarationFile): ReadFile {
  const documents: ReadDocument[] = [];
  const problems: Problem[] = [];
  const { documents: found, faults } = parseYaml(file.text);
  problems.push(...faults.map((fault) => problemOfFault(fault, { subject: file.path, code: 'ConfigInvalid' })));
  for (const { document: value, index, duplicateKeys } of found) {
    const document = { ...file, index, isOneOfSeveral: found.length + faults.length > 1, value };
    const twice = duplicateKeys.map((duplicate) => ({
      ...duplicate,
      problem: duplicateKeyProblem(document, duplicate),
    }));
    const { kind, declaration, faults: fieldFaults } = readDeclaration(value);
    const isNamed = kind !== undefined && !twice.some(({ key }) => NAMING_KEYS.has(key));
    const ofText = twice.map(({ problem }) => problem);
    if (!isNamed) problems.push(...ofText, ...fieldFaults.map((fault) => problemOf(document, fault)));
    if (kind === undefined) continue;
    const own = isNamed ? { faults: fieldFaults, problems: ofText } : { faults: [], problems: [] };
    documents.push({ document, kind, declaration, ...own });
  }
  return { documents, problems };
}

/** Where one of these stands twice, which declaration it is meant to be is in doubt. */
const NAMING_KEYS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'name']);

function readDeclaration(value: unknown): {
  readonly kind?: DeclarationKind;
  readonly declaration?: AnyDeclaration;
  readonly faults: readonly FieldFault[];
} {
  if (!isJsonObject(value)) {
    const remedy = `begin it with "apiVersion: ${API_VERSION}" and "kind: Application"`;
    return { faults: [{ path: [], wrong: 'expected a declaration, a map of fields', remedy }] };
  }
  const kind = DECLARATION_KINDS.find((known) => known === value.kind);
  if (value.apiVersion !== API_VERSION || kind === undefined) return { faults: [foreign(value)] };
  const parsed = DECLARATION_SCHEMAS[kind].safeParse(value);
  if (parsed.success) return { kind, declaration: parsed.data, faults: [] };
  return { kind, faults: parsed.error.issues.flatMap((issue) => describeIssue(issue, kind, value)) };
}

/** The folder is ours alone: an object of Kubernetes that landed in it would otherwise silently be applied by nobody. */
function foreign(value: Readonly<Record<string, unknown>>): FieldFault {
  const { apiVersion, kind } = value;
  const elsewhere = 'manifests belong into the folder of an application';
  if (apiVersion === API_VERSION) {
    const wrong = kind === undefined ? 'the field "kind" is missing' : `unknown kind ${JSON.stringify(kind)}`;
    const remedy = suggest(String(kind), DECLARATION_KINDS, 'kind');
    return kind === undefined ? { path: [], wrong, remedy } : { path: ['kind'], wrong, remedy };
  }
  const wrong =
    apiVersion === undefined ? 'the field "apiVersion" is missing' : `unknown ${JSON.stringify(apiVersion)}`;
  const isOurs = DECLARATION_KINDS.some((known) => known === kind);
  const remedy = isOurs ? `write "apiVersion: ${API_VERSION}"` : `expected "${API_VERSION}"; ${elsewhere}`;
  return { path: apiVersion === undefined ? [] : ['apiVersion'], wrong, remedy };
}

function duplicateKeyProblem(
  document: DeclarationDocument,
  duplicate: { readonly key: string; readonly line: number },
): Problem {
  return {
    code: 'ConfigInvalid',
    subject: `${document.path}:${duplicate.line}`,
    act: 'read declarations',
    wrong: `the field "${duplicate.key}" stands twice in one map`,
    remedy: 'remove one of them',
  };
}
