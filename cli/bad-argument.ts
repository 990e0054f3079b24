import { PlumblineError } from '../shared/errors.ts';

/** Returns the error for an argument that cannot be meant so. */
export function badArgument(subject: string, wrong: string, remedy: string): PlumblineError {
  return new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'read the arguments', wrong, remedy }]);
}

/** Returns the number of an option. @throws {ConfigInvalid} unless it is a whole number in the range. */
export function readNumber(
  option: string,
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= from && number <= to) return number;
  throw badArgument(option, `it is ${JSON.stringify(text)}`, `give a whole number from ${from} to ${to}`);
}
