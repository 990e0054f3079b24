import { formatGroupKind, formatRef, type ObjectRef } from '../../model/object-ref.ts';
import { type DeletionRefusal, refuseDeletion } from './deletion-refusal.ts';

/** Kinds whose deletion takes data or other people's objects with it. */
const PROTECTED: ReadonlySet<string> = new Set([
  'Namespace',
  'CustomResourceDefinition.apiextensions.k8s.io',
  'PersistentVolumeClaim',
  'PersistentVolume',
]);

/** Refuses deletions of Namespaces, CRDs and volumes that `sync.allowDeletionOf` does not name. */
export function refuseProtectedKinds(application: {
  readonly name: string;
  readonly allowDeletionOf: readonly string[];
  readonly pruned: readonly { readonly ref: ObjectRef; readonly uid: string }[];
  readonly cluster: string;
}): DeletionRefusal | undefined {
  const pruned = application.pruned.filter(
    ({ ref }) => PROTECTED.has(formatGroupKind(ref)) && !application.allowDeletionOf.includes(ref.kind),
  );
  if (pruned.length === 0) return undefined;
  const refs = pruned.map(({ ref }) => ref);
  const kinds = [...new Set(refs.map(({ kind }) => kind))].sort().join(', ');
  const shown = refs.slice(0, 3).map(formatRef).join(', ');
  const more = refs.length > 3 ? ` and ${refs.length - 3} more` : '';
  return refuseDeletion({
    guard: 'protected-kinds',
    application: application.name,
    cluster: application.cluster,
    deletes: pruned.map(({ uid }) => uid),
    wrong: `${shown}${more} would be deleted, with everything inside`,
    remedy: `bring it back, set sync.allowDeletionOf: [${kinds}], or annotate it plumbline.dev/prune: "false" to let it stay`,
  });
}
