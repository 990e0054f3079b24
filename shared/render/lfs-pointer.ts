/** Files that Git LFS keeps elsewhere. Source: git-lfs docs/spec.md, "The Pointer". */
import type { Problem } from '../model/problem.ts';
import type { Complaint } from './closure-builder.ts';
import type { RenderInput } from './input.ts';

const FIRST_LINE = 'version https://git-lfs.github.com/spec/v1\n';
/** Pointers are shorter by the specification. */
const MAX_BYTES = 1024;
/** What Helm itself reads of a chart; whatever else is there, a logo say, matters only where a template asks for it. */
const READ_BY_HELM =
  /^(?:(?:Chart|requirements)\.(?:yaml|lock)|values\.(?:yaml|schema\.json)|(?:templates|crds|charts)\/.*)$/;

export interface FoundPointers {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Tells whether a file's content is not the file but where Git LFS keeps it. */
export function isPointer(content: string | Uint8Array): boolean {
  if (content.length >= MAX_BYTES) return false;
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
  return text.startsWith(FIRST_LINE);
}

export function pointerComplaint(path: string): Complaint {
  return {
    wrong: 'the file is kept by Git LFS, and what stands in Git is only a pointer to it',
    remedy: `keep it in Git itself: "git lfs untrack ${path}", "git add --renormalize ${path}", and commit`,
  };
}

/** Returns what to say of the pointers among the files of a rendering. */
export function findPointers({ files, path, settings, valuesFiles = [] }: RenderInput): FoundPointers {
  const prefix = path === '' ? '' : `${path}/`;
  const pointers = [...files].filter(([, content]) => isPointer(content)).map(([file]) => file);
  const isIdle = (file: string): boolean =>
    settings.kind === 'helm' &&
    file.startsWith(prefix) &&
    !valuesFiles.includes(file) &&
    !READ_BY_HELM.test(file.slice(prefix.length));
  return {
    problems: pointers
      .filter((file) => !isIdle(file))
      .map((file) => ({ code: 'RenderFailed', subject: file, act: 'render', ...pointerComplaint(file) })),
    warnings: pointers
      .filter(isIdle)
      .map((file) => `${file} is kept by Git LFS; a template that reads it gets the pointer`),
  };
}
