import { PlumblineError } from '../../errors.ts';

/** Builds the error for a repository, ref or file that is not there; `remedy` names what would be right. */
export function notFound(
  what: { readonly subject: string; readonly act: string; readonly wrong: string; readonly remedy: string },
  options?: ErrorOptions,
): PlumblineError {
  return new PlumblineError([{ code: 'SourceNotFound', ...what }], options);
}

/** Returns the code of an error of Node's file system or of isomorphic-git; undefined for any other value. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
