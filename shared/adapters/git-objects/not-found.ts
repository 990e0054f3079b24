import { PlumblineError } from '../../errors.ts';

/** Builds the error for a repository, ref or file that is not there; `remedy` names what would be right. */
export function notFound(
  what: { readonly subject: string; readonly act: string; readonly wrong: string; readonly remedy: string },
  options?: ErrorOptions,
): PlumblineError {
  return new PlumblineError([{ code: 'SourceNotFound', ...what }], options);
}
