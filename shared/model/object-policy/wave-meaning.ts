import type { Meaning } from './dialect.ts';

/** Returns the row of a sync wave. */
export function waveMeaning(effect: string): Meaning {
  return {
    form: 'a whole number such as "-1" or "10"',
    example: '-5',
    effect,
    read: (value) => (/^[+-]?[0-9]{1,9}$/.test(value) ? { wave: Number(value) } : undefined),
  };
}
