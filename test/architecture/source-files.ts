import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

export const ROOT = dirname(dirname(import.meta.dirname));

export interface SourceFile {
  /** Relative to the root, `/` between segments. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly ImportFound[];
}

export interface ImportFound {
  /** A path relative to the root for our own files, else as written: `zod`, `node:fs`. */
  readonly target: string;
  /** `type`: nothing of it is there at run time; `late`: by `import()`. */
  readonly form: 'value' | 'type' | 'late';
}

/** Returns every TypeScript and JavaScript file of the project, sorted by path. */
export function readSourceFiles(): readonly SourceFile[] {
  const paths = globSync('{bench,cli,functions,infra,shared,test}/**/*.{ts,mjs}', { cwd: ROOT });
  return paths.sort().map((path) => sourceFile(path, readFileSync(join(ROOT, path), 'utf8')));
}

export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, imports: findImports(path, text) };
}

/** Statements begin a line, which the formatter sees to. */
const STATEMENT = /^(?:import|export)\b(\s+type\b)?[^'";]*?\bfrom\s+['"]([^'"]+)['"]/gm;
const SIDE_EFFECT = /^import\s+()['"]([^'"]+)['"]/gm;
const LATE = /\bimport\(\s*()['"]([^'"]+)['"]\s*\)/g;

function findImports(path: string, text: string): readonly ImportFound[] {
  const toFound =
    (form: 'value' | 'late') =>
    ([, type, specifier = '']: RegExpMatchArray): ImportFound => ({
      target: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
      form: type ? 'type' : form,
    });
  return [
    ...[...text.matchAll(STATEMENT), ...text.matchAll(SIDE_EFFECT)].map(toFound('value')),
    ...[...text.matchAll(LATE)].map(toFound('late')),
  ];
}

/** Returns how many imports there are that `findImports` cannot read: computed ones, `require`, unusual layout. */
export function countUnreadImports(text: string): number {
  const begun = text.match(/^import\b(?!\.)/gm)?.length ?? 0;
  const read = [...text.matchAll(STATEMENT)].filter(([match]) => match.startsWith('import')).length;
  const sideEffects = text.match(SIDE_EFFECT)?.length ?? 0;
  const calls = text.match(/^(?!\s*(?:\/?\*|\/\/)).*\b(?:import|require)\(/gm)?.length ?? 0;
  return begun - read - sideEffects + calls - (text.match(LATE)?.length ?? 0);
}
