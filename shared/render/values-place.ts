/**
 * When the values do not fit a chart's `values.schema.json`, Helm names the value by a JSON pointer and no file. The file
 * and line are what people need: the last values file that has the value, which is the one that counts.
 */
import { PlumblineError } from '../errors.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import { joinPath } from './file-tree.ts';
import { parseYaml } from './yaml.ts';
import { locate } from './yaml-position.ts';

export interface ValuesFiles {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Folder of the chart. */
  readonly chart: string;
  /** The chart's own first, later ones win. */
  readonly valuesFiles: readonly string[];
}

const SCHEMA_ERROR = /the schema\(s\) in the following chart\(s\): (?<chart>[^\s:]+): (?<faults>.*)$/;
const FAULT = /at '(?<pointer>[^']*)': (?<wrong>.*?)(?=, at '|$)/g;
const NO_MAP = /^the values of the dependency (?<name>\S+) are no map$/;

/** Returns `error` with one problem for each value that Helm names, in the file that sets it; other errors as they are. */
export function placeInValues(error: unknown, values: ValuesFiles): unknown {
  if (!(error instanceof PlumblineError)) return error;
  const [problem] = error.problems;
  const name = NO_MAP.exec(problem.wrong)?.groups?.name;
  const { chart, faults } = SCHEMA_ERROR.exec(problem.wrong)?.groups ?? {};
  if (name !== undefined) {
    const subject = findPlace(values, name.split('.')) ?? problem.subject;
    return new PlumblineError([{ ...problem, subject }], { cause: error });
  }
  if (chart === undefined || faults === undefined) return error;
  const placed = [...faults.matchAll(FAULT)].map((match): Problem => {
    const path = (match.groups?.pointer ?? '').split('/').slice(1).map(unescapePointer);
    const wrong = match.groups?.wrong ?? '';
    // The pointer counts from the values of the chart that has the schema; those of a dependency stand below its name.
    const subject = findFault(values, [chart, ...path], wrong) ?? findFault(values, path, wrong) ?? problem.subject;
    return { ...problem, subject, wrong: `${path.length === 0 ? 'the values' : path.join('.')}: ${wrong}` };
  });
  // Helm names them in another order each time, and the same failure must read the same.
  const [first, ...others] = placed.toSorted((a, b) => compareTexts(a.subject + a.wrong, b.subject + b.wrong));
  if (first !== undefined) return new PlumblineError([first, ...others], { cause: error });
  const schema = joinPath(values.chart, 'values.schema.json');
  if (!values.files.has(schema)) return error;
  const wrong = `the schema of ${chart} cannot be used: ${faults}`;
  return new PlumblineError([{ ...problem, subject: schema, wrong, remedy: 'correct the schema' }], { cause: error });
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** A value that is too much is where it stands, not what it stands in. */
function findFault(values: ValuesFiles, path: readonly string[], wrong: string): string | undefined {
  const extra = /^additional properties '([^']+)'/.exec(wrong)?.[1];
  return (extra === undefined ? undefined : findPlace(values, [...path, extra])) ?? findPlace(values, path);
}

function findPlace({ files, valuesFiles }: ValuesFiles, path: readonly string[]): string | undefined {
  for (const file of valuesFiles.toReversed()) {
    const text = new TextDecoder().decode(files.get(file));
    const [first] = parseYaml(text).documents;
    if (path.length === 0 || first === undefined || !has(first.document, path)) continue;
    const { line, column } = locate(text, first.index, steps(first.document, path));
    return `${file}:${line}:${column}`;
  }
  return undefined;
}

function has(value: Json | undefined, path: readonly string[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return value !== undefined;
  return has(childOf(value, step), rest);
}

function childOf(value: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(step)];
  return isJsonObject(value) ? value[step] : undefined;
}

/** Digits are an index in a list and a key in a map. */
function steps(value: Json | undefined, path: readonly string[]): readonly (string | number)[] {
  const [step, ...rest] = path;
  if (step === undefined) return [];
  return [Array.isArray(value) ? Number(step) : step, ...steps(childOf(value, step), rest)];
}

function unescapePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
