/**
 * Images of an overlay that are in no object. Kustomize says nothing of them, and the usual reason is a name that the
 * kustomization itself has changed: a release that reaches nothing.
 */
import type { RenderedObject } from '../model/desired-state.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { jsonOf } from '../model/kube-json.ts';
import type { KustomizeOverlay } from './kustomize-overlay.ts';

/** Returns a warning for each of the overlay's images that no field of the objects holds as it should read then. */
export function warnOfIdleImages(
  overlay: KustomizeOverlay | undefined,
  objects: readonly RenderedObject[],
): readonly string[] {
  const images = Array.isArray(overlay?.images) ? overlay.images.filter(isJsonObject) : [];
  if (images.length === 0) return [];
  const texts = new Set<string>();
  for (const { object } of objects) collectTexts(jsonOf(object), texts);
  return images.flatMap((image, index) => {
    const { name, newName = name, newTag, digest } = image;
    const start = `${newName}${newTag === undefined ? '' : `:${newTag}`}${digest === undefined ? '' : `@${digest}`}`;
    const isUsed = [...texts].some(
      (text) => text === start || text.startsWith(`${start}:`) || text.startsWith(`${start}@`),
    );
    return isUsed
      ? []
      : [`render.kustomize.images[${index}]: no image is called ${JSON.stringify(name)} where it is laid over`];
  });
}

function collectTexts(value: Json, texts: Set<string>): void {
  if (typeof value === 'string') texts.add(value);
  else if (Array.isArray(value)) for (const item of value) collectTexts(item, texts);
  else if (isJsonObject(value)) for (const field of Object.values(value)) collectTexts(field, texts);
}
