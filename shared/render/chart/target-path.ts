/**
 * A single value at a path among the values, as `helm --set` reads it: whole numbers, booleans and null are what they
 * look like, a text in quotes stays a text (so Flux has it for `targetPath`). A comma in the value is part of it.
 */
import { PlumblineError } from '../../errors.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { stringifyJson } from '../../model/json-text.ts';
import { parseYaml } from '../yaml.ts';

export interface ValueTarget {
  readonly targetPath: string | undefined;
  /** Where the text comes from. */
  readonly subject: string;
}

/**
 * Returns YAML of values: `text` itself where no path is given.
 *
 * @throws {PlumblineError} ConfigInvalid for a path into a list, and for a text that is no YAML of values: `subject` is
 * named and nothing of the text, which may be secret.
 */
export function valuesOfText(text: string, { targetPath, subject }: ValueTarget): string {
  if (targetPath === undefined) {
    assertValues(text, subject);
    return text;
  }
  const steps = stepsOf(targetPath);
  return stringifyJson(steps.reduceRight<Json>((value, step) => ({ [step]: value }), typedValue(text)));
}

function assertValues(text: string, subject: string): void {
  const { documents, faults } = parseYaml(text);
  const [fault] = faults;
  const isMap = documents.length === 0 || (documents.length === 1 && isJsonObject(documents[0]?.document));
  if (fault === undefined && isMap) return;
  const where = fault === undefined ? '' : ` (line ${fault.line})`;
  const wrong = `what it holds is no YAML of values${where}`;
  const remedy = 'write a map of values there, or name the place of this single value by targetPath';
  throw new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'read values', wrong, remedy }]);
}

function stepsOf(path: string): readonly string[] {
  const steps = [...path.matchAll(/((?:\\.|[^.\\])+)(?:\.|$)/g)].map(([, step = '']) =>
    step.replaceAll(/\\(.)/g, '$1'),
  );
  if (!/(^|[^\\])[[\]]/.test(path) && steps.length > 0) return steps;
  throw new PlumblineError([
    {
      code: 'ConfigInvalid',
      subject: `targetPath ${path}`,
      act: 'set a value',
      wrong: 'it leads into a list, whose other items a value alone does not give',
      remedy: 'give the whole list as YAML of values, without a targetPath',
    },
  ]);
}

function typedValue(text: string): Json {
  const quoted = /^(["'])(.*)\1$/s.exec(text)?.[2];
  if (quoted !== undefined) return quoted;
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return /^(?:0|-?[1-9][0-9]{0,17})$/.test(text) ? BigInt(text) : text;
}
