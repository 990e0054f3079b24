import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { networkIsolation } from '../../../../shared/adapters/tools/network.ts';
import { runTool } from '../../../../shared/adapters/tools/run-tool.ts';
import { PlumblineError } from '../../../../shared/errors.ts';

const call = (
  script: string,
  options: {
    readonly timeoutMs?: number;
    readonly files?: Map<string, Uint8Array>;
    readonly links?: Map<string, string>;
  } = {},
) => ({
  subject: 'web',
  act: 'render',
  arguments: ['-c', script],
  files: options.files ?? new Map(),
  links: options.links ?? new Map(),
  timeoutMs: options.timeoutMs ?? 20_000,
});

async function scratch(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'run-tool-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function ends(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
}

const wrongOf = (error: unknown) => (error instanceof PlumblineError ? error.problems[0].wrong : String(error));

test('gives the tool its files, a home of its own and nothing of our environment', async () => {
  const files = new Map([['a/b.txt', new TextEncoder().encode('hello')]]);

  const { stdout, exitCode } = await runTool(
    '/bin/sh',
    call('cat a/b.txt; echo; find . -type f; /usr/bin/env', { files }),
  );

  const [content, found, ...environment] = stdout.trim().split('\n');
  assert.deepEqual([content, found, exitCode], ['hello', './a/b.txt', 0]);
  const names = environment
    .map((line) => line.slice(0, line.indexOf('=')))
    .filter((name) => name !== '_')
    .sort();
  assert.deepEqual(names, ['ALL_PROXY', 'HOME', 'HTTPS_PROXY', 'HTTP_PROXY', 'PWD', 'TMPDIR']);
});

test('removes the folder afterwards, also when the tool failed', async () => {
  const { stdout, stderr, exitCode } = await runTool('/bin/sh', call('pwd; echo $HOME; echo broken >&2; exit 3'));

  assert.deepEqual([exitCode, stderr], [3, 'broken\n']);
  for (const folder of stdout.trim().split('\n')) assert.equal(existsSync(folder), false);
});

test('refuses a file that would land outside of the folder', async () => {
  const files = new Map([['../b.txt', new Uint8Array()]]);

  await assert.rejects(runTool('/bin/sh', call('true', { files })), /no path inside/);
});

test('lays symlinks among the files, but none that leads out', async () => {
  const files = new Map([['a/b.txt', new TextEncoder().encode('hello')]]);

  const { stdout } = await runTool('/bin/sh', call('cat c/d', { files, links: new Map([['c/d', '../a/b.txt']]) }));

  assert.equal(stdout, 'hello');
  for (const target of ['../../b', '/etc/passwd']) {
    await assert.rejects(runTool('/bin/sh', call('true', { links: new Map([['c/d', target]]) })), /no path|leads out/);
  }
});

test('leaves its own folder out of what the tool says', async () => {
  const { stderr } = await runTool('/bin/sh', call('echo "$PWD/a.yaml: broken in $PWD" >&2'));

  assert.equal(stderr, 'a.yaml: broken in .\n');
});

test('ends a tool that takes too long, and what it started', async (t) => {
  const pidFile = join(await scratch(t), 'pid');

  await assert.rejects(
    runTool('/bin/sh', call(`sleep 600 & echo $! > ${pidFile}; wait`, { timeoutMs: 500 })),
    (error) => wrongOf(error) === 'took longer than 0.5 s',
  );

  await ends(Number(await readFile(pidFile, 'utf8')));
});

test('ends a tool that takes more and more memory', async (t) => {
  if (process.platform !== 'linux') return t.skip('only Linux tells what a process holds');
  const greedy = call('exec tail /dev/zero');

  await assert.rejects(
    runTool('/bin/sh', greedy, { memoryBytes: 100 * 1024 * 1024 }),
    (error) => wrongOf(error) === 'took more than 100 MiB of memory',
  );
});

test('ends a tool that prints without end', async () => {
  await assert.rejects(runTool('/bin/sh', call('cat /dev/zero')), (error) => /more than 64 MiB/.test(wrongOf(error)));
});

test('says that the program is gone, which is no fault of the chart', async () => {
  await assert.rejects(runTool('/nowhere/helm', call('true')), (error) => {
    assert.ok(error instanceof PlumblineError);
    assert.equal(error.code, 'StateUnavailable');
    assert.match(error.message, /^\/nowhere\/helm: run the program: ENOENT.*; start again, it is unpacked anew$/);
    return true;
  });
});

test('closes the network where the machine lets us', async (t) => {
  if ((await networkIsolation()) !== 'namespace') return t.skip('no user namespaces here');

  const { stdout } = await runTool('/bin/sh', call('tail -n +3 /proc/net/dev | cut -d: -f1'));

  assert.equal(stdout.trim(), 'lo');
});

test('takes the tool along and clears up when it is interrupted', async (t) => {
  const pidFile = join(await scratch(t), 'pid');
  const module = new URL('../../../../shared/adapters/tools/run-tool.ts', import.meta.url).href;
  const script = `echo $$ $PWD > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; sleep 600`;
  const input = `{ ...${JSON.stringify(call(script))}, files: new Map(), links: new Map() }`;
  const program = `import { runTool } from '${module}'; await runTool('/bin/sh', ${input});`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
  const exit = once(parent, 'exit');
  while (!existsSync(pidFile)) await new Promise((resolve) => setTimeout(resolve, 10));
  const [pid = '', folder = ''] = (await readFile(pidFile, 'utf8')).trim().split(' ');

  parent.kill('SIGINT');

  assert.deepEqual(await exit, [null, 'SIGINT']);
  await ends(Number(pid));
  assert.equal(existsSync(folder), false);
});
