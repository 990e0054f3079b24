import type { DeclarationKind } from '../../model/declaration-schema.ts';
import type {
  ClusterDeclaration,
  ClusterSetDeclaration,
  Declared,
  FleetDeclaration,
  RepositoryDeclaration,
} from '../../model/declarations.ts';
import { isJsonObject } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import type { TrustedKeyDeclaration } from '../../model/trusted-key.ts';
import { checkFleets } from './check-fleet.ts';
import { checkClusterPlaces } from './check-names.ts';
import { checkTrustedKeys } from './check-trusted-keys.ts';
import { type DeclarationDocument, declaredName, locationOf, problemOf } from './declaration-document.ts';
import {
  type ApplicationFault,
  applicationName,
  type BrokenText,
  type FoundApplication,
  type NamedApplication,
} from './named-application.ts';
import { type AnyDeclaration, type DeclarationFile, type ReadDocument, readDocuments } from './read-documents.ts';
import type { FoundTemplate } from './template-items.ts';

/** What stands in the declarations folder, each document looked at by itself. */
export interface WrittenDeclarations {
  readonly fleet?: Declared<FleetDeclaration>;
  readonly repositories: readonly Declared<RepositoryDeclaration>[];
  readonly clusters: readonly Declared<ClusterDeclaration>[];
  readonly clusterSets: readonly Declared<ClusterSetDeclaration>[];
  readonly trustedKeys?: readonly Declared<TrustedKeyDeclaration>[];
  readonly templates: readonly FoundTemplate[];
  /** Applications that nothing is wrong with by themselves. */
  readonly applications: readonly FoundApplication[];
  /** All that have a name. */
  readonly named: readonly NamedApplication[];
  readonly faults: readonly ApplicationFault[];
  readonly brokenTexts: readonly BrokenText[];
  /** Everything that is wrong with no single application. */
  readonly problems: readonly Problem[];
  readonly documents: readonly ReadDocument[];
  /** Of the files, in their order. */
  readonly paths: readonly string[];
  readonly repositoryNames: readonly string[];
  /** Absent: any name may be one, for ClusterSets find what is not known here. */
  readonly clusterNames?: readonly string[];
}

/** Tells whether a file of the declarations folder is read; others (a README) are left alone. */
export function isDeclarationFile(path: string): boolean {
  return /\.(ya?ml|json)$/.test(path);
}

/**
 * Reads the declarations of a fleet repository. Nothing is thrown: all problems of all files come back at once, each
 * with file, line and column.
 */
export function readDeclarations(
  files: readonly DeclarationFile[],
  options: { readonly folder: string },
): WrittenDeclarations {
  const read = files.filter(({ path }) => isDeclarationFile(path));
  const { documents, problems } = readDocuments(read);
  const clusters = sift<ClusterDeclaration>(documents, 'Cluster');
  const fleets = sift<FleetDeclaration>(documents, 'Fleet');
  const hasSets = documents.some(({ kind }) => kind === 'ClusterSet');
  const [fleet] = fleets;
  const repositories = sift<RepositoryDeclaration>(documents, 'Repository');
  const trustedKeys = sift<TrustedKeyDeclaration>(documents, 'TrustedKey');
  return {
    ...(fleet && { fleet: declared(fleet) }),
    ...(trustedKeys.length > 0 && { trustedKeys: trustedKeys.map(declared) }),
    repositories: repositories.map(declared),
    clusters: clusters.map(declared),
    clusterSets: sift<ClusterSetDeclaration>(documents, 'ClusterSet').map(declared),
    templates: sift<FoundTemplate['declaration']>(documents, 'ApplicationTemplate'),
    ...readApplications(documents),
    problems: [
      ...(read.length === 0 ? [emptyFolder(options.folder)] : []),
      ...problems,
      ...documents.filter((document) => nameOfApplication(document) === undefined).flatMap(problemsOf),
      ...checkClusterPlaces(clusters),
      ...checkFleets(fleets),
      ...checkTrustedKeys([...fleets, ...repositories], namesOf(documents, 'TrustedKey')),
    ],
    documents,
    paths: files.map(({ path }) => path),
    repositoryNames: namesOf(documents, 'Repository'),
    // What a set will find is not known here; a name that nothing has then selects nothing.
    ...(!hasSets && { clusterNames: namesOf(documents, 'Cluster') }),
  };
}

/** A document without a name is nobody's: what is wrong with it is wrong with the whole. */
function readApplications(
  documents: readonly ReadDocument[],
): Pick<WrittenDeclarations, 'applications' | 'named' | 'faults' | 'brokenTexts'> {
  const read = documents.flatMap((one) => {
    const name = nameOfApplication(one);
    return name === undefined
      ? []
      : [{ ...one, application: { name, document: one.document, written: one.document.value } }];
  });
  return {
    applications: read.flatMap(({ application, declaration }) =>
      declaration?.kind === 'Application' ? [{ ...application, declaration }] : [],
    ),
    named: read.map(({ application }) => application),
    faults: read.flatMap(({ application, faults }) => faults.map((fault) => ({ application, fault }))),
    brokenTexts: read.filter(({ problems }) => problems.length > 0),
  };
}

function nameOfApplication({ kind, document }: ReadDocument): string | undefined {
  return kind === 'Application' ? applicationName(document.value) : undefined;
}

function problemsOf({ document, faults, problems }: ReadDocument): readonly Problem[] {
  return [...problems, ...faults.map((fault) => problemOf(document, fault))];
}

interface Found<T extends AnyDeclaration> {
  readonly document: DeclarationDocument;
  readonly declaration: T;
}

function sift<T extends AnyDeclaration>(documents: readonly ReadDocument[], kind: T['kind']): readonly Found<T>[] {
  const isOfKind = (declaration: AnyDeclaration | undefined): declaration is T => declaration?.kind === kind;
  return documents.flatMap(({ document, declaration }) => (isOfKind(declaration) ? [{ document, declaration }] : []));
}

function namesOf(documents: readonly ReadDocument[], kind: DeclarationKind): readonly string[] {
  return documents.flatMap(({ document, kind: found }) => {
    const name = found === kind && isJsonObject(document.value) ? declaredName(document.value) : undefined;
    return name === undefined ? [] : [name];
  });
}

function declared<T extends AnyDeclaration>({ document, declaration }: Found<T>): Declared<T> {
  return { declaration, location: locationOf(document) };
}

function emptyFolder(folder: string): Problem {
  return {
    code: 'ConfigInvalid',
    subject: `${folder}/`,
    act: 'read declarations',
    wrong: 'the folder holds no declarations',
    remedy: `commit them there ("plumbline init" writes a first set), or name another folder`,
  };
}
