/** The first minutes with a fleet of one's own: made, validated, edited. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { runCommand } from '../e2e/cli/cli-lab.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plumbline-init-'));
});

afterEach(() => rm(home, { recursive: true }));

function run(...words: readonly string[]) {
  const env = {
    ...process.env,
    HOME: home,
    XDG_STATE_HOME: undefined,
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  };
  return runCommand(words, { cwd: home, env });
}

test('makes a repository that is valid as it is, for the named context', async () => {
  const made = await run('init', 'my-fleet', '--context', 'kind: a "test"');
  const { status, stdout } = await run('validate', '--fleet', 'my-fleet');

  assert.equal(made.status, 0, made.stderr);
  assert.match(made.stdout, /next:\n {2}plumbline validate --fleet my-fleet\n/);
  assert.equal(status, 0);
  assert.match(stdout, /^✓ my-fleet at [0-9a-f]{7} is good, with 1 note: 1 cluster, 1 application, 2 objects in /m);
});

test('says as JSON what it made', async () => {
  const { stdout } = await run('init', 'my-fleet', '--json');

  const { kind, path, next } = JSON.parse(stdout);
  assert.deepEqual([kind, path.endsWith('/my-fleet'), next.length], ['Init', true, 3]);
});

test('touches nothing in a folder that has files', async () => {
  await writeFile(join(home, 'mine'), 'precious');

  const { status, stderr } = await run('init', '.');

  assert.equal(status, 1);
  assert.match(stderr, /make a fleet repository: there are files in it already\n +to do +name a new folder/);
  assert.equal(await readFile(join(home, 'mine'), 'utf8'), 'precious');
});

test('takes ~ for the home directory, on the command line and in a declaration', async () => {
  await run('init', 'my-fleet');
  await run('init', 'other');
  const file = join(home, 'my-fleet', 'plumbline', 'applications.yaml');
  const repository =
    'kind: Repository\napiVersion: plumbline.dev/v1\nmetadata: {name: other}\nspec: {directory: {path: ~/other}}\n';
  const text = (await readFile(file, 'utf8')).replace(
    'source: {path:',
    'source: {repository: other, revision: main, path:',
  );
  await writeFile(file, `${text}---\n${repository}`);

  const { status, stdout, stderr } = await run('validate', '--fleet=~/my-fleet', '--state=~/state', '--worktree');

  assert.equal(status, 0, `${stdout}${stderr}`);
  assert.match(stdout, /1 application, 2 objects/);
});
