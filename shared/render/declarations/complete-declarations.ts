/**
 * The declarations of a fleet as a whole: what is written and what templates make of it, checked against each other. What
 * is wrong with single applications is theirs; what is wrong with the whole is for nobody to go on with.
 */
import type { ClusterDeclaration, Declared, DeclaredApplication, FleetDeclarations } from '../../model/declarations.ts';
import type { Problem } from '../../model/problem.ts';
import { brokenApplications, brokenEverywhere } from './broken-applications.ts';
import { checkApplications } from './check-applications.ts';
import { checkFormerNames } from './check-fleet.ts';
import { type CheckExpression, checkHealthChecks } from './check-health-checks.ts';
import { checkNames } from './check-names.ts';
import { locationOf } from './declaration-document.ts';
import type { MadeApplications } from './expand-template.ts';
import type { FoundApplication, NamedApplication } from './named-application.ts';
import type { WrittenDeclarations } from './read-declarations.ts';

export interface CompleteDeclarations {
  readonly declarations: FleetDeclarations;
  /**
   * Not empty: the declarations are not to be relied on. Everything that is wrong then, with single applications too, in
   * the order of the files.
   */
  readonly problems: readonly Problem[];
}

export interface Completion {
  /** Those that sets found among them. */
  readonly clusters: readonly Declared<ClusterDeclaration>[];
  /** Absent: templates were not looked at, so which applications there are is not known. */
  readonly made?: MadeApplications;
  /** Absent: expressions of health checks are taken as they are. */
  readonly checkExpression?: CheckExpression | undefined;
}

/** Returns the declarations with everything that is wrong between them. */
export function completeDeclarations(
  written: WrittenDeclarations,
  { clusters, made, checkExpression }: Completion,
): CompleteDeclarations {
  const { fleet, repositories, clusterSets, trustedKeys } = written;
  const found = [...written.applications, ...(made?.applications ?? [])];
  const texts = [...written.brokenTexts, ...(made?.brokenTexts ?? [])];
  const broken = [...(made?.faults ?? []), ...(made?.brokenTexts ?? [])].map(({ application }) => application);
  const ofTemplates = [...new Set([...(made?.applications ?? []), ...broken])];
  const named = [...written.named, ...ofTemplates];
  const faults = [
    ...written.faults,
    ...(made?.faults ?? []),
    ...checkHealthChecks(found, checkExpression),
    ...checkApplications(
      found,
      clusters.map(({ declaration }) => declaration),
      namesIn(written, areTemplatesKnown(written, made) ? named : undefined),
    ),
  ];
  const brokenOnes = brokenApplications(faults, texts, named).map((one) => {
    return { ...one, problems: inFileOrder(one.problems, written) };
  });
  const names = named.map(({ name }) => name);
  const whole = [
    ...written.problems,
    ...(made?.problems ?? []),
    ...checkNames(written.documents, ofTemplates),
    ...checkFormerNames(named, names),
  ];
  const gone = brokenEverywhere(faults, texts);
  const declarations = {
    ...(fleet && { fleet }),
    ...(trustedKeys && { trustedKeys }),
    ...{ repositories, clusters, clusterSets },
    applications: found.filter(({ name }) => !gone.has(name)).map(declaredApplication),
    ...(brokenOnes.length > 0 && { broken: brokenOnes }),
    ...(made && made.sources.length > 0 && { templateSources: made.sources }),
  };
  if (whole.length === 0) return { declarations, problems: [] };
  const all = [...new Set([...whole, ...brokenOnes.flatMap(({ problems }) => problems)])];
  return { declarations, problems: inFileOrder(all, written) };
}

/** Otherwise an application that nobody declares may be one that a template would make. */
function areTemplatesKnown({ documents }: WrittenDeclarations, made: MadeApplications | undefined): boolean {
  const templates = documents.filter(({ kind }) => kind === 'ApplicationTemplate');
  if (templates.some(({ declaration }) => declaration === undefined)) return false;
  return templates.length === 0 || made?.problems.length === 0;
}

function namesIn(
  { repositoryNames, clusterNames }: WrittenDeclarations,
  named: readonly NamedApplication[] | undefined,
) {
  return {
    repositories: repositoryNames,
    clusters: clusterNames,
    applications: named?.map(({ name }) => name),
  };
}

function declaredApplication({ document, declaration, madeBy }: FoundApplication): DeclaredApplication {
  return { declaration, location: locationOf(document), ...(madeBy && { madeBy }) };
}

/** The subject of a problem begins with its file, then line and column: sorted by these, as an editor would list them. */
function inFileOrder(problems: readonly Problem[], { paths }: WrittenDeclarations): readonly Problem[] {
  const order = new Map(paths.map((path, index) => [path, index]));
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
