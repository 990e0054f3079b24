/**
 * Git repositories that a kustomization names: fetched at one commit, mounted, and reached by a path, so that kustomize
 * clones nothing. A branch would make a rendering depend on when it was made; only full commit ids are taken.
 */
import { PlumblineError } from '../errors.ts';
import { repositoryKey } from '../model/repository-address.ts';
import {
  type ClosureBuilder,
  complain,
  ignoredComplaint,
  leavesRepository,
  type Subject,
  subjectOf,
} from './closure-builder.ts';
import { joinPath } from './file-tree.ts';
import { MOUNTS } from './mounted-tree.ts';
import { declarationFor, isPinned, type RemoteReference } from './remote-reference.ts';

/** Returns the folder that the reference names, as it is mounted; undefined: a complaint is noted at `subject`. */
export async function mountBase(
  builder: ClosureBuilder,
  subject: Subject,
  reference: RemoteReference,
): Promise<string | undefined> {
  const { url, path, ref } = reference;
  if (!isPinned(ref)) {
    complain(builder, subject, complaintOfRef(reference));
    return undefined;
  }
  const mount = mountAt(url, ref);
  if (builder.tree.mountOf(mount) === undefined) {
    const tree = await fetchBase(builder, subject, { url, revision: ref });
    if (tree === undefined) return undefined;
    builder.tree.mount(mount, tree);
  }
  const found = await builder.tree.resolve(joinPath(mount, path));
  if (found.found === 'folder') return found.path;
  const where = `${url} at ${ref.slice(0, 12)}`;
  if (found.found === 'ignored') {
    complain(builder, subject, ignoredComplaint(found.rule, `${JSON.stringify(path)} in ${where}`));
    return undefined;
  }
  const what = {
    file: `${path} is a file in ${where}, and kustomize takes folders alone from other repositories`,
    nothing: `there is no folder ${JSON.stringify(path)} in ${where}`,
    outside: `${JSON.stringify(path)} ${leavesRepository(found.links)} ${url}`,
    loop: `the symlinks of ${JSON.stringify(path)} in ${where} go in a circle`,
    submodule: `${JSON.stringify(path)} lies in a Git submodule of ${where}, which is not followed`,
  }[found.found];
  const remedy =
    found.found === 'submodule' ? 'name the repository of the submodule' : 'name a folder with a kustomization';
  complain(builder, subject, { wrong: what, remedy });
  return undefined;
}

/** Readable, for it stands in messages; letters that kustomize or a shell could take for something else are set aside. */
function mountAt(url: string, revision: string): string {
  const name = repositoryKey(url)
    .replaceAll(/[^a-z0-9._/-]/g, '-')
    .replaceAll('..', '-');
  return `${MOUNTS}/bases/${name}@${revision}`;
}

async function fetchBase(
  builder: ClosureBuilder,
  subject: Subject,
  wanted: { readonly url: string; readonly revision: string },
) {
  try {
    return await builder.outside.base(wanted);
  } catch (error) {
    // A server that does not answer now is no fault of the file: the whole closure is tried again.
    if (!(error instanceof PlumblineError) || error.fault !== 'declaration') throw error;
    for (const { code, wrong, remedy } of error.problems) {
      builder.problems.push({ code, subject: subjectOf(subject), act: 'render', wrong, remedy });
    }
    return undefined;
  }
}

function complaintOfRef({ url, ref }: RemoteReference) {
  const found = ref === undefined ? 'has no ?ref=' : `has the ref ${JSON.stringify(ref)}`;
  const shown = `"git ls-remote ${url}${ref === undefined ? ' HEAD' : ` ${ref}`}" prints it`;
  return {
    wrong: `the remote base ${url} ${found}, which may mean another commit tomorrow`,
    remedy: `pin it: end it with ?ref= and a full commit id (${shown}), and let the fleet declare the repository: ${declarationFor(url)}`,
  };
}
