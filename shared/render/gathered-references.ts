/** What an application refers to outside of Git, by its declaration alone: known before a file is read. */
import { type GatheredReference, resolveReference } from '../model/gathered.ts';
import type { RenderSettings } from '../model/render-settings/render-settings.ts';
import type { ObjectReference } from '../model/render-settings/values-from.ts';
import type { SubstituteSettings } from './renderer-settings.ts';

export interface References {
  readonly places: readonly GatheredReference[];
  readonly objects: readonly ObjectReference[];
}

interface Declared {
  readonly render?: RenderSettings | undefined;
  readonly namespace?: string | undefined;
}

/** What `helm install --values` would be given: the key that Flux reads too. */
const VALUES_KEY = 'values.yaml';

/** Returns every reference of an application, `${...}` already filled in. */
export function referencesOf(application: Declared): References {
  const { valuesFrom = [], lookup = [] } = chartReferencesOf(application);
  const { from = [] } = substituteSettingsOf(application) ?? {};
  return { places: [...valuesFrom, ...from], objects: lookup };
}

/** Returns which variables are filled in; undefined: none are. */
export function substituteSettingsOf({ render, namespace = 'default' }: Declared): SubstituteSettings | undefined {
  if (render?.substitute === undefined) return undefined;
  const { variables, from, strict } = render.substitute;
  return { variables, from: from.map((reference) => resolveReference(reference, { namespace })), strict };
}

/** Returns the references of a chart; fields are absent where there are none. */
export function chartReferencesOf({ render, namespace = 'default' }: Declared): {
  readonly valuesFrom?: readonly GatheredReference[];
  readonly lookup?: readonly ObjectReference[];
} {
  const { valuesFrom = [], lookup = [] } = render?.helm ?? {};
  const resolved = valuesFrom.map((reference) => resolveReference(reference, { namespace, key: VALUES_KEY }));
  return { ...(resolved.length > 0 && { valuesFrom: resolved }), ...(lookup.length > 0 && { lookup }) };
}
