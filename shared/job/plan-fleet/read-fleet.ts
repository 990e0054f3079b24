import { loadExpressions } from '../../health/checks/expression.ts';
import { selects } from '../../model/cluster-selector.ts';
import type { FleetDeclarations } from '../../model/declarations.ts';
import type { Problem } from '../../model/problem.ts';
import type { Commit, Revision } from '../../model/revision.ts';
import type { Snapshot, SnapshotFile } from '../../model/snapshot.ts';
import type { FoundSet } from '../../model/status.ts';
import type { CheckExpression } from '../../render/declarations/check-health-checks.ts';
import { completeDeclarations } from '../../render/declarations/complete-declarations.ts';
import { expandTemplates } from '../../render/declarations/expand-template.ts';
import type { FoundApplication } from '../../render/declarations/named-application.ts';
import {
  isDeclarationFile,
  readDeclarations,
  type WrittenDeclarations,
} from '../../render/declarations/read-declarations.ts';
import type { DeclarationFile } from '../../render/declarations/read-documents.ts';
import type { Source, StateStore } from '../ports.ts';
import { fillClusterSets } from './fill-cluster-sets.ts';
import { type OpenTrees, openTrees } from './open-trees.ts';
import type { PlanDeps } from './plan-deps.ts';
import { type VerifiedSources, verifiedSources } from './verified-sources.ts';

export interface ReadFleet {
  /** With the clusters that sets found, and the applications that templates make. */
  readonly declarations: FleetDeclarations;
  /** Not empty: the declarations are not to be relied on, and nothing is to be planned from them. */
  readonly problems: readonly Problem[];
  readonly sets: readonly FoundSet[];
  readonly notes: readonly string[];
  /** What templates made, as it would have been written. */
  readonly made: readonly FoundApplication[];
  /** Those of the fleet, held to what it asks of signatures. */
  readonly verified: VerifiedSources;
  /** What the templates looked at: the same commits hold for the applications. */
  readonly trees: OpenTrees;
}

export type ReadDeps = Pick<PlanDeps, 'sources' | 'directory'> & {
  /** Its clock: keys that sign commits expire. */
  readonly state: Pick<StateStore, 'nowMs'>;
};

/** Reads the declarations below `folder` at `commit` as a whole, with everything that is wrong with them. */
export async function readFleet(
  { sources, directory, state }: ReadDeps,
  commit: Commit,
  folder: string,
): Promise<ReadFleet> {
  const { files, ...written } = await readWritten(sources.fleet, commit.revision, folder);
  const checkExpression = await expressionChecker(files);
  const verified = verifiedSources(sources, written, () => state.nowMs());
  const trees = openTrees(verified.sources, commit, written.repositories);
  const nothing = { sets: [], notes: [], made: [], verified, trees };
  const unfilled = (more: readonly Problem[]): ReadFleet => {
    const found = { ...written, problems: [...written.problems, ...more] };
    return { ...nothing, ...completeDeclarations(found, { clusters: written.clusters, checkExpression }) };
  };
  if (written.problems.length > 0) return unfilled([]);

  const { clusters, sets, notes, problems } = await fillClusterSets(directory, written);
  if (problems.length > 0) return unfilled(problems);
  const made = await makeApplications(written, clusters, trees);
  const complete = completeDeclarations(written, { clusters, made, checkExpression });
  return { ...complete, sets, notes, made: made.applications, verified, trees };
}

/** What was read last: a file that has not changed is neither read nor parsed again, and its declarations stay the same. */
const filesOf = new WeakMap<Source, ReadonlyMap<string, DeclarationFile>>();

function keyOf({ path, id }: SnapshotFile): string {
  return `${id} ${path}`;
}

/** Reads what stands in the declarations folder, each document looked at by itself. */
export async function readWritten(
  source: Source,
  revision: Revision,
  folder: string,
): Promise<WrittenDeclarations & { readonly files: readonly DeclarationFile[] }> {
  const snapshot = await source.snapshot(revision);
  const listed = (await snapshot.list(folder)).filter(({ path }) => isDeclarationFile(path));
  const before = filesOf.get(source);
  const readAgain = async (file: SnapshotFile) => {
    return [keyOf(file), before?.get(keyOf(file)) ?? (await readText(snapshot, file))] as const;
  };
  const byKey = new Map(await Promise.all(listed.filter(({ type }) => type === 'file').map(readAgain)));
  filesOf.set(source, byKey);
  const files = [...byKey.values()];
  const links = listed.filter(({ type }) => type === 'symlink').map(({ path }) => symlinkProblem(path));
  const { problems, ...written } = readDeclarations(files, { folder });
  return { ...written, problems: [...links, ...problems], files };
}

function makeApplications(
  { templates, repositoryNames }: WrittenDeclarations,
  clusters: FleetDeclarations['clusters'],
  open: OpenTrees,
) {
  return expandTemplates(templates, {
    clusters: clusters.map(({ declaration }) => declaration),
    repositories: repositoryNames,
    open,
  });
}

/** Returns what is wrong with applications that go to no cluster: in no cluster's status would people see it. */
export function problemsWithoutCluster({ broken = [], clusters }: FleetDeclarations): readonly Problem[] {
  const unplaced = broken.filter(({ clusters: selector }) => {
    return selector !== undefined && !clusters.some(({ declaration }) => selects(selector, declaration));
  });
  return [...new Set(unplaced.flatMap(({ problems }) => problems))];
}

/** Undefined where no file can hold an expression: then nothing that reads them is loaded. */
async function expressionChecker(files: readonly { readonly text: string }[]): Promise<CheckExpression | undefined> {
  if (!files.some(({ text }) => text.includes('healthChecks'))) return undefined;
  const compile = await loadExpressions();
  return (expression) => {
    const compiled = compile(expression);
    return compiled.ok ? undefined : compiled.fault;
  };
}

async function readText(
  snapshot: Snapshot,
  { path }: SnapshotFile,
): Promise<{ readonly path: string; readonly text: string }> {
  return { path, text: new TextDecoder().decode(await snapshot.read(path)) };
}

function symlinkProblem(path: string): Problem {
  return {
    code: 'ConfigInvalid',
    subject: path,
    act: 'read declarations',
    wrong: 'a symlink is not followed here',
    remedy: 'put the file itself there',
  };
}
