/** The set-up of a checkout, tried on a small project of its own with real npm; nothing is fetched. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ROOT } from '../architecture/source-files.ts';

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'plumbline-bootstrap-'));
  mkdirSync(join(checkout, 'cli'));
  for (const file of ['bootstrap.mjs', 'run-on-node.mjs', 'setup.mjs']) {
    copyFileSync(join(ROOT, 'cli', file), join(checkout, 'cli', file));
  }
  writeFileSync(join(checkout, 'script.ts'), "process.stdout.write('ran ' + process.argv[2]); process.exitCode = 7;");
  writeLock('1.0.0');
});

afterEach(() => rmSync(checkout, { recursive: true }));

/** One dependency, inside the checkout. */
function writeLock(version: string): void {
  const project = { name: 'checkout', version, dependencies: { part: 'file:part' } };
  const packages = { '': project, part: { version }, 'node_modules/part': { resolved: 'part', link: true } };
  mkdirSync(join(checkout, 'part'), { recursive: true });
  writeFileSync(join(checkout, 'part', 'package.json'), JSON.stringify({ name: 'part', version }));
  writeFileSync(join(checkout, 'package.json'), JSON.stringify(project));
  writeFileSync(
    join(checkout, 'package-lock.json'),
    JSON.stringify({ ...project, lockfileVersion: 3, requires: true, packages }),
  );
}

function bootstrap(environment: NodeJS.ProcessEnv = process.env) {
  const args = [join(checkout, 'cli', 'bootstrap.mjs'), 'script.ts', 'it'];
  return spawnSync(process.execPath, args, { encoding: 'utf8', env: environment, cwd: tmpdir() });
}

test('sets a fresh checkout up, says so, and ends as the script ends', () => {
  const { stdout, stderr, status } = bootstrap();

  assert.match(stderr, /^Setting up \(first run\)/);
  assert.equal(stdout, 'ran it');
  assert.equal(status, 7);
});

test('says and does nothing when everything is there', () => {
  bootstrap();

  const { stdout, stderr } = bootstrap({ PATH: '' });

  assert.equal(stderr, '');
  assert.equal(stdout, 'ran it');
});

test('installs again when the lock file has changed', () => {
  bootstrap();
  writeLock('1.0.1');

  const { stderr, status } = bootstrap();

  assert.match(stderr, /^Setting up \(the lock file has changed\)/);
  assert.equal(status, 7);
});

test('says in one line what is missing when npm is', () => {
  const { stderr, status } = bootstrap({ PATH: '' });

  assert.match(stderr, /\nsetup: npm install: .*; install npm .*\n$/);
  assert.equal(status, 1);
});

test('does not take a failed installation for a finished one', () => {
  writeFileSync(join(checkout, 'package.json'), 'not JSON');

  const failed = bootstrap();
  const again = bootstrap();

  for (const { stderr, status } of [failed, again]) {
    assert.match(stderr, /setup: npm install: exit status 1/);
    assert.equal(status, 1);
  }
});
