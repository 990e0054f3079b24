/**
 * Letting an object go without deleting it (`deletion: orphan`): our marks go, our hold on its fields goes, and its
 * values stay. Nobody prunes it later, and whoever applies it next meets no conflict with us.
 * Source: server-side apply, "Clearing managedFields" (kubernetes.io, v1.36): an empty list is no reset, `[{}]` is.
 */
import { APPLIED_ANNOTATION, FLEET_LABEL, PART_OF_LABEL } from '../config/names.ts';
import type { KubeObject } from '../model/kube-object.ts';

/** RFC 6902, as far as it is needed here. */
export type LetGoOperation =
  | { readonly op: 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** Returns the patch; it is refused with 422 when the object was made anew and with 409 when it changed meanwhile. */
export function letGoPatch(live: KubeObject, fieldManager: string): readonly LetGoOperation[] {
  const { uid, resourceVersion, labels, annotations, managedFields = [] } = live.metadata;
  const others = managedFields.filter(({ manager }) => manager !== fieldManager);
  const removed = [
    ...marksIn('labels', [FLEET_LABEL, PART_OF_LABEL], labels),
    ...marksIn('annotations', [APPLIED_ANNOTATION], annotations),
  ];
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    ...removed.map((path) => ({ op: 'remove', path }) as const),
    { op: 'replace', path: '/metadata/managedFields', value: others.length === 0 ? [{}] : others },
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
  ];
}

function marksIn(
  field: 'labels' | 'annotations',
  marks: readonly string[],
  present: Readonly<Record<string, string>> = {},
): readonly string[] {
  return marks.filter((mark) => mark in present).map((mark) => `/metadata/${field}/${mark.replaceAll('/', '~1')}`);
}
