import { loadExpressions } from '../../health/checks/expression.ts';
import type { Problem } from '../../model/problem.ts';
import type { Revision } from '../../model/revision.ts';
import type { Snapshot, SnapshotFile } from '../../model/snapshot.ts';
import type { CheckExpression } from '../../render/declarations/check-health-checks.ts';
import {
  isDeclarationFile,
  type ReadDeclarations,
  readDeclarations,
} from '../../render/declarations/read-declarations.ts';
import type { Source } from '../ports.ts';

/** Reads the declarations below `folder` at `revision`, with everything that is wrong with them. */
export async function readFleet(source: Source, revision: Revision, folder: string): Promise<ReadDeclarations> {
  const snapshot = await source.snapshot(revision);
  const listed = (await snapshot.list(folder)).filter(({ path }) => isDeclarationFile(path));
  const files = await Promise.all(listed.filter(({ type }) => type === 'file').map((file) => readText(snapshot, file)));
  const checkExpression = await expressionChecker(files);
  const { declarations, problems } = readDeclarations(files, { folder, checkExpression });
  const links = listed.filter(({ type }) => type === 'symlink').map(({ path }) => symlinkProblem(path));
  return { declarations, problems: [...links, ...problems] };
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
