import { posix } from 'node:path';
import { addReference, type ClosureBuilder, complain, SUBMODULE } from './closure-builder.ts';
import { KUSTOMIZATION_FILES } from './detect.ts';
import { parentOf } from './file-tree.ts';
import type { RendererSettings } from './renderer-settings.ts';

type DirectorySettings = Extract<RendererSettings, { readonly kind: 'directory' }>;

const MANIFEST = /\.(?:ya?ml|json)$/;

/**
 * Collects the manifests of a folder as `kubectl apply -R` finds them: symlinks to files are followed, those to folders
 * are not. Each is kept under the path that people see.
 */
export async function collectDirectory(
  builder: ClosureBuilder,
  folder: string,
  settings: DirectorySettings,
): Promise<void> {
  for (const { path, id, type } of builder.tree.below(folder)) {
    const relative = folder === '' ? path : path.slice(folder.length + 1);
    if (type === 'submodule' && settings.recurse && !matchesAny(relative, settings.exclude)) {
      const remedy = `${SUBMODULE.remedy}; or leave it out with render.directory.exclude`;
      complain(builder, path, { ...SUBMODULE, remedy });
    }
    if (!isWanted(relative, settings)) continue;
    if ((KUSTOMIZATION_FILES as readonly string[]).includes(nameOf(path))) {
      complain(builder, path, {
        wrong: 'a kustomization stands among plain files',
        remedy: 'declare an application for its folder, or leave the file out with render.directory.exclude',
      });
    } else if (type === 'file') builder.files.set(path, { id, from: path });
    else if (type === 'symlink') await collectLink(builder, path);
  }
}

async function collectLink(builder: ClosureBuilder, path: string): Promise<void> {
  const links = new Map(builder.links);
  const files = new Map(builder.files);
  const found = await addReference({ ...builder, links, files }, path, { folder: '', reference: path });
  const target = found === undefined ? undefined : files.get(found.path);
  if (target !== undefined) builder.files.set(path, target);
}

/** A pattern with `/` means the path below the folder, one without means the file's name in whatever folder. */
function isWanted(relative: string, { recurse, include, exclude }: DirectorySettings): boolean {
  if (!MANIFEST.test(relative) || (!recurse && parentOf(relative) !== '')) return false;
  return (include.length === 0 || matchesAny(relative, include)) && !matchesAny(relative, exclude);
}

function matchesAny(relative: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    posix.matchesGlob(pattern.includes('/') ? relative : nameOf(relative), pattern.replace(/^\.?\//, '')),
  );
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
