import { formatRef, type ObjectRef } from '../../model/object-ref.ts';
import { type DeletionRefusal, refuseDeletion } from './deletion-refusal.ts';

/** Refuses to delete the objects whose annotations ask for a person's word, and those alone; the others go. */
export function refuseUnconfirmed(application: {
  readonly name: string;
  readonly cluster: string;
  /** Those that nobody has confirmed yet. */
  readonly unconfirmed: readonly { readonly ref: ObjectRef; readonly uid: string }[];
}): DeletionRefusal | undefined {
  const { name, cluster, unconfirmed } = application;
  if (unconfirmed.length === 0) return undefined;
  const refs = unconfirmed.map(({ ref }) => ref);
  const more = refs.length > 3 ? ` and ${refs.length - 3} more` : '';
  const deletes = unconfirmed.map(({ uid }) => uid);
  const refusal = refuseDeletion({
    guard: 'confirm',
    application: name,
    cluster,
    deletes,
    wrong: `${refs.slice(0, 3).map(formatRef).join(', ')}${more} would be deleted, and asks to be confirmed first`,
    remedy: 'bring it back',
  });
  return { ...refusal, stopsPrunes: false, only: new Set(deletes) };
}
