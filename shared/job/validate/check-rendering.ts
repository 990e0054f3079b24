import type { RenderedObject, Rendering } from '../../model/desired-state.ts';
import { readObjectPolicy } from '../../model/object-policy/read-object-policy.ts';
import { type ApiFault, type ApiVersions, checkApi } from '../../validate/check-api.ts';
import { checkObject } from '../../validate/check-object.ts';
import type { CheckRules } from '../../validate/check-rules.ts';
import type { KnownKinds } from '../../validate/known-kinds.ts';

export interface FaultyObject {
  readonly rendered: RenderedObject;
  readonly faults: readonly ApiFault[];
}

/** Returns the objects of a rendering in which something is wrong by themselves, whatever stands beside them. */
export function checkRendering(
  { objects }: Pick<Rendering, 'objects'>,
  kinds: KnownKinds,
  { versions, checkRules }: { readonly versions: ApiVersions; readonly checkRules?: CheckRules },
): readonly FaultyObject[] {
  return objects.flatMap((rendered): readonly FaultyObject[] => {
    const { object } = rendered;
    const faults = [
      ...checkApi(object, kinds, versions),
      ...checkObject(object, kinds, checkRules),
      ...checkAnnotations(rendered),
    ];
    return faults.length === 0 ? [] : [{ rendered, faults }];
  });
}

function checkAnnotations({ object }: RenderedObject): readonly ApiFault[] {
  const { problem } = readObjectPolicy(object);
  if (problem === undefined) return [];
  const { wrong, remedy } = problem;
  const name = Object.keys(object.metadata.annotations ?? {}).find((annotation) => wrong.includes(annotation));
  const path = ['metadata', 'annotations', ...(name === undefined ? [] : [name])];
  return [{ rule: 'unclear-annotation', path, wrong, remedy }];
}
