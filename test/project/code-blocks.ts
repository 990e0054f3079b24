import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the YAML blocks of a Markdown file that declare something, each as a file named for its place. */
export function findDeclarations(
  root: string,
  path: string,
): readonly { readonly path: string; readonly text: string }[] {
  const markdown = readFileSync(join(root, path), 'utf8');
  return [...markdown.matchAll(/^```yaml\n([\s\S]*?)^```/gm)]
    .map(([, text = ''], index) => ({ path: `${path}, block ${index + 1}.yaml`, text }))
    .filter(({ text }) => text.includes('plumbline.dev/v1'));
}
