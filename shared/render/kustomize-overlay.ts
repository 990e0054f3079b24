/**
 * What an Application lays over a kustomization (`render.kustomize`), as fields of one more kustomization: so it means
 * what kustomize means by it, and no file of the repository is touched.
 */
import type { JsonObject } from '../model/json.ts';
import type { KustomizeSettings } from '../model/render-settings/kustomize.ts';

/** Without what is empty; `count` is a number. */
export type KustomizeOverlay = JsonObject;

/** One setting, and what it adds to the kustomization. */
export interface OverlayPart {
  /** As people find it in their declaration: `render.kustomize.patches[1]`. */
  readonly setting: string;
  readonly fields: JsonObject;
}

const LISTS = ['components', 'images', 'replicas', 'patches', 'labels'] as const;
const TEXTS = ['namePrefix', 'nameSuffix', 'namespace'] as const;

/** Returns what the settings lay over; undefined: nothing. */
export function overlayOf(settings: KustomizeSettings | undefined): KustomizeOverlay | undefined {
  if (settings === undefined) return undefined;
  const { replicas = [], annotations = {}, ...others } = settings;
  const counted = replicas.map(({ name, count }) => ({ name, count: Number(count) }));
  const lists = LISTS.map((field) => [field, field === 'replicas' ? counted : (others[field] ?? [])] as const);
  // What comes from YAML is JSON; fields that are undefined stand in none of it.
  const filled = [...lists, ['annotations', Object.keys(annotations).length > 0 ? annotations : []] as const].filter(
    ([, value]) => !Array.isArray(value) || value.length > 0,
  );
  const texts = TEXTS.flatMap((field) => (others[field] ? [[field, others[field]] as const] : []));
  const overlay = Object.fromEntries([...texts, ...filled]) as JsonObject;
  return Object.keys(overlay).length === 0 ? undefined : overlay;
}

/** Returns the folders of components that the overlay names, relative to the application's. */
export function componentsOf(overlay: KustomizeOverlay | undefined): readonly string[] {
  const components = overlay?.components;
  return Array.isArray(components) ? components.map(String) : [];
}

/** Returns the parts of an overlay in kustomize's own order; `placed` tells how the overlay reaches a component. */
export function partsOf(
  overlay: KustomizeOverlay | undefined,
  placed: (component: string) => string,
): readonly OverlayPart[] {
  if (overlay === undefined) return [];
  const { annotations } = overlay;
  const texts = TEXTS.flatMap((field) => {
    const value = overlay[field];
    return value === undefined ? [] : [{ setting: settingOf(field), fields: { [field]: value } }];
  });
  const lists = LISTS.flatMap((field) => {
    const value = overlay[field];
    const items = Array.isArray(value) ? value : [];
    return items.map((item, index): OverlayPart => {
      const placedItem = field === 'components' ? placed(String(item)) : item;
      return { setting: `${settingOf(field)}[${index}]`, fields: { [field]: [placedItem] } };
    });
  });
  const common =
    annotations === undefined
      ? []
      : [{ setting: settingOf('annotations'), fields: { commonAnnotations: annotations } }];
  return [...lists, ...texts, ...common];
}

/** Returns `kustomization` with the parts in it: lists grow, other fields are set. */
export function withParts(kustomization: JsonObject, parts: readonly OverlayPart[]): JsonObject {
  const fields: Record<string, JsonObject[string]> = { ...kustomization };
  for (const [field, value] of parts.flatMap((part) => Object.entries(part.fields))) {
    const before = fields[field];
    fields[field] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
  }
  return fields;
}

function settingOf(field: string): string {
  return `render.kustomize.${field}`;
}
