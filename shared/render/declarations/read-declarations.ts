import type { DeclarationKind } from '../../model/declaration-schema.ts';
import type {
  ApplicationDeclaration,
  ClusterDeclaration,
  ClusterSetDeclaration,
  Declared,
  FleetDeclaration,
  FleetDeclarations,
  RepositoryDeclaration,
} from '../../model/declarations.ts';
import { isJsonObject } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import { checkApplications } from './check-applications.ts';
import { checkFleets, checkFormerNames } from './check-fleet.ts';
import { type CheckExpression, checkHealthChecks } from './check-health-checks.ts';
import { checkClusterPlaces, checkNames } from './check-names.ts';
import { type DeclarationDocument, declaredName, locationOf } from './declaration-document.ts';
import { type AnyDeclaration, type DeclarationFile, type ReadDocument, readDocuments } from './read-documents.ts';

export interface ReadDeclarations {
  /** Those that nothing is wrong with by themselves; whole only when there are no problems. */
  readonly declarations: FleetDeclarations;
  /** Everything that is wrong, in the order of the files. */
  readonly problems: readonly Problem[];
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
  options: { readonly folder: string; readonly checkExpression?: CheckExpression | undefined },
): ReadDeclarations {
  const read = files.filter(({ path }) => isDeclarationFile(path));
  const { documents, problems } = readDocuments(read);
  const repositories = sift<RepositoryDeclaration>(documents, 'Repository');
  const clusters = sift<ClusterDeclaration>(documents, 'Cluster');
  const clusterSets = sift<ClusterSetDeclaration>(documents, 'ClusterSet');
  const applications = sift<ApplicationDeclaration>(documents, 'Application');
  const fleets = sift<FleetDeclaration>(documents, 'Fleet');
  const names = {
    repositories: namesOf(documents, 'Repository'),
    // What a set will find is not known here; a name that nothing has then selects nothing.
    clusters: namesOf(documents, 'ClusterSet').length > 0 ? undefined : namesOf(documents, 'Cluster'),
    applications: namesOf(documents, 'Application'),
  };
  const all = [
    ...(read.length === 0 ? [emptyFolder(options.folder)] : []),
    ...problems,
    ...checkNames(documents),
    ...checkClusterPlaces(clusters),
    ...checkFleets(fleets),
    ...checkHealthChecks(applications, options.checkExpression),
    ...checkFormerNames(applications, names.applications),
    ...checkApplications(
      applications,
      clusters.map(({ declaration }) => declaration),
      names,
    ),
  ];
  const [fleet] = fleets;
  const declarations = {
    ...(fleet && { fleet: declared(fleet) }),
    repositories: repositories.map(declared),
    clusters: clusters.map(declared),
    clusterSets: clusterSets.map(declared),
    applications: applications.map(declared),
  };
  return { declarations, problems: inFileOrder(all, files) };
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

/** The subject of a problem begins with its file, then line and column: sorted by these, as an editor would list them. */
function inFileOrder(problems: readonly Problem[], files: readonly DeclarationFile[]): readonly Problem[] {
  const order = new Map(files.map(({ path }, index) => [path, index]));
  const keyOf = ({ subject }: Problem): readonly number[] => {
    const [, path = '', line = '0', column = '0'] = /^(.*?):(\d+)(?::(\d+))?/.exec(subject) ?? [];
    return [order.get(path) ?? -1, Number(line), Number(column)];
  };
  return problems
    .map((problem) => ({ problem, key: keyOf(problem) }))
    .sort((a, b) => compareNumbers(a.key, b.key))
    .map(({ problem }) => problem);
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
