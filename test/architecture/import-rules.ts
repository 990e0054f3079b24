import { IMPORT_TABLE, type ImportRule } from './import-table.ts';
import { countUnreadImports, type ImportFound, type SourceFile } from './source-files.ts';

/** Returns one line for every import that the table does not allow. */
export function findForbiddenImports(file: SourceFile): readonly string[] {
  const rule = IMPORT_TABLE.find(({ from }) => file.path.startsWith(from));
  if (rule === undefined) return [`${file.path}: it stands in no folder of the import table`];
  return file.imports
    .filter((found) => !isAllowed(found, rule, file.path))
    .map((found) => `${file.path}: it imports ${found.target}; ${rule.from} may not`);
}

function isAllowed(found: ImportFound, rule: ImportRule, path: string): boolean {
  const targets = [
    ...rule.may,
    ...(found.form === 'type' ? (rule.mayAsType ?? []) : []),
    ...(found.form === 'late' ? (rule.mayLate ?? []) : []),
  ];
  return targets.some((target) => fits(found.target, target.replace('own/', ownFolder(path))));
}

/** `shared/adapters/kube/` of any file at or below it. */
function ownFolder(path: string): string {
  return `${path.split('/').slice(0, 3).join('/')}/`;
}

function fits(target: string, allowed: string): boolean {
  if (allowed === '*') return true;
  if (allowed === 'node:*') return target.startsWith('node:');
  if (allowed.endsWith('/')) return target.startsWith(allowed);
  return target === allowed || (isPackage(allowed) && target.startsWith(`${allowed}/`));
}

function isPackage(name: string): boolean {
  return !name.endsWith('.ts') && !name.startsWith('node:');
}

/** Returns a line when a file has imports that the table cannot judge. Tests may write them into their own data. */
export function findUnreadImports({ path, text }: SourceFile): readonly string[] {
  const count = path.startsWith('test/') ? 0 : countUnreadImports(text);
  return count === 0 ? [] : [`${path}: ${count} imports cannot be read by the architecture test; name a literal`];
}
