/**
 * What kustomize refuses to read, refused here with file and line. Source: api/internal/loader/loadrestrictions.go,
 * RestrictionRootOnly, the default of `kubectl kustomize`.
 */
import { type ClosureBuilder, complain, type Subject } from './closure-builder.ts';
import { joinReference } from './file-tree.ts';

export interface FileReference {
  /** The file that was found, symlinks followed. */
  readonly file: string;
  /** The folder of the kustomization. */
  readonly folder: string;
  /** As it is written there. */
  readonly reference: string;
}

/** Complains at `subject` and returns false when kustomize does not read the file from there. */
export function isReadable(builder: ClosureBuilder, subject: Subject, at: FileReference): boolean {
  const { file, folder, reference } = at;
  if (folder === '' || file.startsWith(`${folder}/`)) return true;
  const byLink = joinReference(folder, reference) === file ? '' : ', where a symlink leads,';
  complain(builder, subject, {
    wrong: `${JSON.stringify(file)}${byLink} is not in or below ${JSON.stringify(folder)}, and kustomize reads no file beside the folder of a kustomization`,
    remedy: 'move the file into that folder, or give its own folder a kustomization and name the folder',
  });
  return false;
}

/** Complains at `subject` about a kustomization that is named by one that it contains or is. Returns whether it is. */
export function isCycle(
  builder: ClosureBuilder,
  subject: Subject,
  { folder, above }: { readonly folder: string; readonly above: readonly string[] },
): boolean {
  if (!above.some((root) => root === folder || folder === '' || root.startsWith(`${folder}/`))) return false;
  complain(builder, subject, {
    wrong: `the folder ${JSON.stringify(folder)} holds the kustomization that names it`,
    remedy: 'take the reference out: a kustomization is no part of what it is made of',
  });
  return true;
}
