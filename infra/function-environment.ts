import { FUNCTION_VARIABLES } from '../shared/config/names.ts';

type Variable = keyof typeof FUNCTION_VARIABLES;

/** Returns the environment of a function: the variables under the names that the functions read them by. */
export function environmentOf(variables: Readonly<Partial<Record<Variable, string>>>): Record<string, string> {
  return {
    // Stack traces in logs name our own lines.
    NODE_OPTIONS: '--enable-source-maps',
    ...Object.fromEntries(
      Object.entries(FUNCTION_VARIABLES).flatMap(([variable, name]) => {
        const value = Object.entries(variables).find(([key]) => key === variable)?.[1];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  };
}
