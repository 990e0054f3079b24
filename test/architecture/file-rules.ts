/** Rules for one file each; they return a line for every breach. */
import { basename } from 'node:path';
import type { SourceFile } from './source-files.ts';

export type FileRule = (file: SourceFile) => readonly string[];

const MAX_LINES = 300;
const MAX_HANDLER_LINES = 60;
const MEANINGLESS_WORD = /\b(?:util|utils|helper|helpers|manager|misc|common|index)\b/;
const MAY_READ_ENVIRONMENT = /^(?:shared\/config\/environment\.ts$|cli\/[^/]+\.mjs$|test\/|bench\/)/;
const PURE_FOLDER = /^shared\/(?:model|render|plan|health|report)\//;

export const findBadName: FileRule = ({ path }) => {
  const name = basename(path);
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test)?\.(?:ts|mjs)$/.test(name)) return [`${path}: its name is not kebab-case`];
  // The name of a service of AWS.
  const word = MEANINGLESS_WORD.exec(path.replace('secrets-manager/', ''));
  return word === null ? [] : [`${path}: "${word[0]}" says nothing; name the file for its one idea`];
};

export const findBadLength: FileRule = ({ path, text }) => {
  const lines = text.trimEnd().split('\n').length;
  const most = path.startsWith('functions/') ? MAX_HANDLER_LINES : MAX_LINES;
  return lines <= most ? [] : [`${path}: it has ${lines} lines, the most is ${most}; split it by idea`];
};

export const findEnvironmentUse: FileRule = ({ path, text }) => {
  if (MAY_READ_ENVIRONMENT.test(path)) return [];
  return findInCode(text, /\bprocess\.env\b|\benv\b.*'node:process'/).map(
    (line) => `${path}:${line}: it reads the environment; take the value from shared/config/environment.ts`,
  );
};

export const findImpurity: FileRule = ({ path, text }) => {
  if (!PURE_FOLDER.test(path)) return [];
  const impure =
    /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\b|\brandom(?:UUID|Bytes|Int)\b|\bprocess\b\.|\bfetch\(/;
  return findInCode(text, impure).map(
    (line) => `${path}:${line}: it depends on clock, chance or process; pure folders take such values as arguments`,
  );
};

/** Line numbers, from 1, of lines that are no comment. */
function findInCode(text: string, pattern: RegExp): readonly number[] {
  return text
    .split('\n')
    .flatMap((line, index) => (!/^\s*(?:\/?\*|\/\/)/.test(line) && pattern.test(line) ? [index + 1] : []));
}
