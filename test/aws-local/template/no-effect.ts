import { z } from 'zod';

/** A property that may stand in the template and changes nothing here; the reason says why that hides no mistake. */
export function noEffect(reason: string) {
  return z.unknown().optional().describe(reason);
}

export const TAGS = noEffect('tags are for people and bills');
