import type { RenderedObject } from '../../model/desired-state.ts';
import type { RenderInput } from '../input.ts';
import { type DriftingObject, driftingFields } from './drifting-fields.ts';
import { randomFunctionsIn } from './random-functions.ts';

const MOST_OBJECTS = 10;
const MOST_FIELDS = 5;

/** Returns a warning for each object that comes out differently each time, by its fields and never by their values. */
export function driftWarnings(
  first: readonly RenderedObject[],
  second: readonly RenderedObject[],
  input: RenderInput,
): readonly string[] {
  const drifting = driftingFields(first, second);
  const shown = drifting.slice(0, MOST_OBJECTS).map((object) => describe(object, input));
  const more = drifting.length - shown.length;
  return more > 0 ? [...shown, `${more} more objects come out differently each time they are rendered`] : shown;
}

function describe({ object, path, fields }: DriftingObject, { files }: RenderInput): string {
  const named = randomFunctionsIn(new TextDecoder().decode(files.get(path)));
  const by = named.length === 0 ? '' : ` (${named.join(', ')})`;
  const shown = fields.slice(0, MOST_FIELDS).join(', ');
  const more = fields.length > MOST_FIELDS ? ` and ${fields.length - MOST_FIELDS} more fields` : '';
  const what = shown === '' ? 'it' : `${shown}${more}`;
  return `${path}: ${object}: ${what} would change with every rendering${by}; set the value, or take it from the cluster by valuesFrom or lookup`;
}
