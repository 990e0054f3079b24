/** Each promise of docs/guarantees.md is held by tests that are there. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from './architecture/source-files.ts';

interface Promised {
  readonly promise: string;
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

/** The rows: a promise, then files in backticks, each followed by names of its tests in quotes. */
function readPromises(): readonly Promised[] {
  const rows = readFileSync(join(ROOT, 'docs/guarantees.md'), 'utf8').matchAll(/^\| (.+?) \| (.+) \|$/gm);
  return [...rows]
    .filter(([, promise]) => promise !== 'Promise')
    .map(([, promise = '', heldBy = '']) => {
      let file = '';
      const tests = [...heldBy.matchAll(/`([^`]+)`|“([^”]+)”/g)].flatMap(([, path, name]) => {
        file = path ?? file;
        return name === undefined ? [] : [{ file, name }];
      });
      return { promise, tests };
    });
}

/** Names of tests and groups as they stand in the source. */
function namesIn(file: string): readonly string[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  const calls = source.matchAll(/\b(?:it|test|describe)\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`([^`]*)`)/g);
  return [...calls].map(([, single, double, template]) => single ?? double ?? template ?? '');
}

/** `…` stands for what is filled in when the tests run. */
function isNamed(promised: string, name: string): boolean {
  const parts = promised.split('…');
  if (parts.length === 1) return name === promised;
  if (!name.includes('${')) return false;
  const filledIn = name.replaceAll(/\$\{.*\}|\$\{[^}]*\}/g, '…');
  return name.startsWith(parts[0] ?? '') && name.endsWith(parts.at(-1) ?? '') && filledIn.includes('…');
}

describe('docs/guarantees.md', () => {
  const promises = readPromises();

  it('promises a good deal, and nothing without a test', () => {
    const empty = promises.filter(({ tests }) => tests.length === 0).map(({ promise }) => promise);

    assert.ok(promises.length > 40);
    assert.deepEqual(empty, []);
  });

  it('names only tests that are there', () => {
    const missing = promises.flatMap(({ promise, tests }) =>
      tests
        .filter(({ file, name }) => !existsSync(join(ROOT, file)) || !namesIn(file).some((one) => isNamed(name, one)))
        .map(({ file, name }) => `${promise} ${file}: ${name}`),
    );

    assert.deepEqual(missing, []);
  });
});
