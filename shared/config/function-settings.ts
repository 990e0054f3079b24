/**
 * What a function is told by its environment. Each variable is read when it is asked for, since no function has all of
 * them; one that is missing or no JSON says so in the first line of the function's log.
 */
import { PlumblineError } from '../errors.ts';
import { isJsonObject } from '../model/json.ts';
import { environmentVariables } from './environment.ts';
import { FUNCTION_VARIABLES } from './names.ts';

type Variable = keyof typeof FUNCTION_VARIABLES;

export interface FunctionSettings {
  /** @throws {ConfigInvalid} when it is not set. */
  text(variable: Variable): string;
  /** Undefined when it is not set or empty. */
  optional(variable: Variable): string | undefined;
  /** @throws {ConfigInvalid} when it is not set or no number above 0. */
  count(variable: Variable): number;
  /** @throws {ConfigInvalid} when it is not set or no JSON. */
  json(variable: Variable): unknown;
  /** Texts by name; empty when it is not set. @throws {ConfigInvalid} */
  texts(variable: Variable): ReadonlyMap<string, string>;
}

/** Returns the settings of a function; `variables` is the process's own environment unless a test gives others. */
export function readFunctionSettings(
  variables: Readonly<Record<string, string | undefined>> = environmentVariables(),
): FunctionSettings {
  const optional = (variable: Variable) => variables[FUNCTION_VARIABLES[variable]] || undefined;
  const text = (variable: Variable) => optional(variable) ?? fail(variable, 'is not set', 'a text');
  const json = (variable: Variable): unknown => {
    try {
      return JSON.parse(text(variable));
    } catch (error) {
      if (error instanceof PlumblineError) throw error;
      return fail(variable, 'is no JSON', 'JSON');
    }
  };
  return {
    text,
    optional,
    json,
    count: (variable) => {
      const count = Number(text(variable));
      return Number.isFinite(count) && count > 0 ? count : fail(variable, `is "${text(variable)}"`, 'a number above 0');
    },
    texts: (variable) => {
      if (optional(variable) === undefined) return new Map();
      const value = json(variable);
      if (!isJsonObject(value)) return fail(variable, 'is no object', 'a JSON object of texts');
      return new Map(
        Object.entries(value).map(([key, entry]) => [
          key,
          typeof entry === 'string' ? entry : fail(variable, `has no text at "${key}"`, 'a JSON object of texts'),
        ]),
      );
    },
  };
}

function fail(variable: Variable, wrong: string, expected: string): never {
  throw new PlumblineError([
    {
      code: 'ConfigInvalid',
      subject: `environment variable ${FUNCTION_VARIABLES[variable]}`,
      act: 'read the settings of the function',
      wrong: `it ${wrong}, expected ${expected}`,
      remedy: 'deploy the stack again; it sets the variable',
    },
  ]);
}
