import { type DeletionRefusal, refuseDeletion } from './deletion-refusal.ts';

/** Refuses an application that renders to nothing while it has objects in the cluster, unless it says `allowEmpty`. */
export function refuseEmptyRender(application: {
  readonly name: string;
  readonly allowEmpty: boolean;
  readonly wanted: number;
  /** Objects in the cluster that are provably its own. */
  readonly present: number;
  readonly cluster: string;
  /** Uids of what would be deleted. */
  readonly deletes: readonly string[];
}): DeletionRefusal | undefined {
  if (application.wanted > 0 || application.present === 0 || application.allowEmpty) return undefined;
  const { name, cluster, deletes, present } = application;
  return refuseDeletion({
    guard: 'empty-render',
    application: name,
    cluster,
    deletes,
    wrong: `it renders to nothing, which would delete its ${present} objects`,
    remedy: 'bring the manifests back, or set sync.allowEmpty: true to delete them all',
  });
}
