import { declaredKey } from './declared-key.ts';
import type { RenderedObject, Rendering } from './desired-state.ts';
import type { RefKey } from './object-ref.ts';

/** What the sources of an application give together. */
export type CombinedRendering = Omit<Rendering, 'inputDigest'>;

interface Placed {
  readonly key: RefKey;
  readonly rendered: RenderedObject;
  /** Index of the source. */
  readonly from: number;
}

/**
 * Returns the objects of an application's sources in order. Of an object that several sources declare the last one
 * counts, and a warning says so; twice in one source it stays twice, which is refused before anything is applied.
 */
export function combineRenderings(renderings: readonly Rendering[], namespace: string | undefined): CombinedRendering {
  const [only, ...others] = renderings;
  if (only !== undefined && others.length === 0) return only;
  const all = renderings.flatMap(({ objects }, from): readonly Placed[] =>
    objects.map((rendered) => ({ key: declaredKey(rendered.object, namespace), rendered, from })),
  );
  const lastByKey = new Map(all.map((placed) => [placed.key, placed]));
  const objects: RenderedObject[] = [];
  const overridden: string[] = [];
  for (const { key, rendered, from } of all) {
    const last = lastByKey.get(key);
    if (last === undefined || last.from === from) objects.push(rendered);
    else
      overridden.push(
        `${key}: two sources declare it, ${placeOf(rendered)} and ${placeOf(last.rendered)}; the later counts`,
      );
  }
  return { objects, warnings: [...renderings.flatMap(({ warnings }) => warnings), ...overridden] };
}

function placeOf({ source: { path, line } }: RenderedObject): string {
  return line === undefined ? path : `${path}:${line}`;
}
