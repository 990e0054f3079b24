import { buildGoProgram, goIsMissing as noGo } from '../go-program.ts';

/** Why there is no registry for tests, or false: a reason to skip a test. */
export const goIsMissing: string | false = noGo && `${noGo}: no registry for tests`;

/** Returns the path of the binary; the first call on a machine builds it, in one to three minutes. */
export function buildRegistry(): Promise<string> {
  return buildGoProgram(import.meta.dirname);
}
