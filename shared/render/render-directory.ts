import type { RenderInput } from './input.ts';
import { type ReadObjects, readFileObjects, throwProblems } from './read-objects.ts';
import type { Rendered } from './rendered.ts';
import { objectsWithVariables } from './variables/substitute-documents.ts';

type DirectoryInput = Pick<RenderInput, 'files' | 'settings' | 'gathered'>;

/** Returns the objects of plain manifests, file by file in the order of their paths. */
export function renderDirectory(input: DirectoryInput): Rendered {
  const read = [...input.files].map(([path, content]) => readFile(path, content, input));
  throwProblems(read.flatMap(({ problems }) => problems));
  return { objects: read.flatMap(({ objects }) => objects), warnings: read.flatMap(({ warnings }) => warnings) };
}

function readFile(path: string, content: Uint8Array, input: DirectoryInput): ReadObjects {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    const problem = { code: 'RenderFailed', subject: path, act: 'read YAML', wrong: 'the file is not UTF-8' } as const;
    return { objects: [], problems: [{ ...problem, remedy: 'save it as UTF-8' }], warnings: [] };
  }
  return readFileObjects(text, path, (documents, sourceOf) => objectsWithVariables(documents, sourceOf, input));
}
