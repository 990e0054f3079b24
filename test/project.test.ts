/** What the packaging and the documents promise. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { FAULT_OF } from '../shared/model/problem.ts';
import { ROOT } from './architecture/source-files.ts';
import { findDeclarations } from './project/code-blocks.ts';
import { findBrokenLinks } from './project/links.ts';
import { readWhole } from './unit/render/declarations/read-whole.ts';

const dependencies = z.record(z.string(), z.string()).default({});
const packageSchema = z.object({
  scripts: dependencies,
  dependencies,
  devDependencies: dependencies,
  optionalDependencies: dependencies,
});
const lockSchema = z.object({ packages: z.record(z.string(), z.looseObject({})) });

const DOCUMENTS = globSync('{*.md,{bench,docs,examples,schema,test}/**/*.md}', { cwd: ROOT }).sort();

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

test('names an exact version of every dependency', () => {
  const { dependencies, devDependencies, optionalDependencies } = packageSchema.parse(readJson('package.json'));

  const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });

  assert.ok(all.length > 10);
  assert.deepEqual(
    all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
    [],
  );
});

test('locks packages by digest and records no address to fetch them from', () => {
  const packages = Object.entries(lockSchema.parse(readJson('package-lock.json')).packages).filter(
    ([path]) => path !== '',
  );

  assert.ok(packages.length > 100);
  assert.deepEqual(
    packages
      .filter(([, entry]) => 'resolved' in entry || !('integrity' in entry || 'inBundle' in entry))
      .map(([path]) => path),
    [],
  );
});

test('locks what package.json names', () => {
  const { dependencies, devDependencies, optionalDependencies } = packageSchema.parse(readJson('package.json'));

  const { scripts: _, ...locked } = packageSchema.parse(lockSchema.parse(readJson('package-lock.json')).packages['']);

  assert.deepEqual(locked, { dependencies, devDependencies, optionalDependencies });
});

test('runs no install script of a dependency', () => {
  const settings = readFileSync(join(ROOT, '.npmrc'), 'utf8').split('\n');

  assert.ok(settings.includes('ignore-scripts=true'));
});

test('links between documents lead somewhere', () => {
  assert.ok(DOCUMENTS.includes('README.md'));

  assert.deepEqual(
    DOCUMENTS.flatMap((path) => findBrokenLinks(ROOT, path)),
    [],
  );
});

test('names only scripts and commands that there are', () => {
  const { scripts } = packageSchema.parse(readJson('package.json'));
  const help = spawnSync(process.execPath, [join(ROOT, 'cli', 'plumbline.mjs'), '--help'], { encoding: 'utf8' }).stdout;
  const documents = DOCUMENTS.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n');

  const named = [...documents.matchAll(/\bnpm (?:run )?(test|(?<=run )[a-z:-]+)|`(?:npx )?plumbline ([a-z]+)/g)];

  for (const [text, script, command] of named) {
    if (script !== undefined) assert.ok(script in scripts, text);
    if (command !== undefined) assert.match(help, new RegExp(`^  ${command}\\b`, 'm'), text);
  }
  assert.ok(named.length > 20);
});

test('has an article for every error code, and none for another', () => {
  const runbook = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');

  const articles = [...runbook.matchAll(/^## (\w+)$/gm)].map(([, code]) => code);

  assert.deepEqual(articles, Object.keys(FAULT_OF));
});

test('shows only declarations that are right', () => {
  const shown = DOCUMENTS.flatMap((path) => findDeclarations(ROOT, path));

  const problems = shown.map((file) => readWhole([file]).problems);

  assert.ok(shown.length > 0);
  assert.deepEqual(problems.flat(), []);
});
