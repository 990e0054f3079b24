import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSourceFiles, type SourceFile } from '../architecture/source-files.ts';

/** What is loaded with `file`, at the latest when a command runs: everything but what stands in `import()`. */
function loadedWith(file: SourceFile, byPath: ReadonlyMap<string, SourceFile>, seen = new Set<string>()): Set<string> {
  for (const { target, form } of file.imports) {
    if (form !== 'value' || seen.has(target)) continue;
    seen.add(target);
    const next = byPath.get(target);
    if (next !== undefined) loadedWith(next, byPath, seen);
  }
  return seen;
}

test('no command loads the AWS SDK unless a fleet has EKS clusters', () => {
  const byPath = new Map(readSourceFiles().map((file) => [file.path, file]));
  const commands = [...byPath.values()].filter(({ path }) => path.startsWith('cli/'));

  const loaded = new Set(commands.flatMap((file) => [...loadedWith(file, byPath)]));

  assert.ok(loaded.has('shared/adapters/kube/connect-cluster.ts'), 'the imports are not followed');
  assert.deepEqual(
    [...loaded].filter((target) => /^@(aws|smithy)/.test(target)),
    [],
  );
});
