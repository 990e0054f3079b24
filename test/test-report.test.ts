/** The runner of our own is judged by files that are known to pass, fail, skip, crash and do nothing. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CONTROL_PLANE_MISSING } from './controlplane/build.ts';

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-report-'));
});

after(() => rmSync(folder, { recursive: true }));

/** Runs one test file with that body in a process of its own. Returns what the report said, its last line the counts. */
function reportOf(body: string): { readonly text: string; readonly counts: unknown; readonly reasons: unknown } {
  writeFileSync(join(folder, 'some.test.mjs'), `import { after, before, describe, test } from 'node:test';\n${body}`);
  writeFileSync(
    join(folder, 'run.mjs'),
    `import { run } from 'node:test';
    import { reportTests } from '${join(import.meta.dirname, 'test-report.ts')}';
    const events = run({ files: ['${join(folder, 'some.test.mjs')}'] });
    const { counts, skipReasons } = await reportTests(events, '${folder}', (text) => process.stdout.write(text));
    process.stdout.write(JSON.stringify({ counts, reasons: Object.fromEntries(skipReasons) }));`,
  );
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const { stdout } = spawnSync(process.execPath, [join(folder, 'run.mjs')], { encoding: 'utf8', env: environment });
  const lines = stdout.split('\n');
  return { ...JSON.parse(lines.pop() ?? ''), text: lines.join('\n') };
}

test('counts what passed, failed and was skipped, suites not among them', () => {
  const { counts, text } = reportOf(`
    describe('suite', () => { test('good', () => {}); test('left out', { skip: true }, () => {}); });
    test('parent', async (t) => { await t.test('bad', () => { throw new Error('wrong value'); }); });
    test('later', { todo: true }, () => {});`);

  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 2 });
  assert.match(text, /^✗ some\.test\.mjs {2}1 passed, 1 failed, 2 skipped/m);
  assert.match(text, /✗ parent > bad \(some\.test\.mjs:\d+\)\n {2}Error: wrong value\n/);
});

test('shows what failed once more at the end, and nothing else there', () => {
  const [first, again] = reportOf("test('bad', () => { throw new Error('wrong value'); });").text.split('what failed:');
  assert.match(first ?? '', /wrong value/);
  assert.match(again ?? '', /wrong value/);
  assert.doesNotMatch(reportOf("test('good', () => {});").text, /what failed/);
});

test('says why tests were skipped, each reason once', () => {
  const { reasons } = reportOf(`
    test('a', { skip: 'no browser' }, () => {});
    test('b', (t) => t.skip('no browser'));
    test('c', { skip: true }, () => {});`);

  assert.deepEqual(reasons, { 'no browser': 2 });
});

test('shows what a failing file printed, and not what a passing one did', () => {
  assert.match(reportOf("console.log('a hint'); test('bad', () => { throw new Error(); });").text, /a hint/);
  assert.doesNotMatch(reportOf("console.log('a hint'); test('good', () => {});").text, /a hint/);
});

test('counts a file that crashes before its tests as failed', () => {
  const { counts, text } = reportOf("throw new Error('no such luck');");

  assert.deepEqual(counts, { passed: 0, failed: 1, skipped: 0 });
  assert.match(text, /no such luck/);
});

test('counts a file without tests as failed', () => {
  const { counts, text } = reportOf('');

  assert.deepEqual(counts, { passed: 0, failed: 1, skipped: 0 });
  assert.match(text, /it declares no test/);
});

test('counts a suite whose set-up fails as failed, with its tests', () => {
  const { counts, text } = reportOf(`
    describe('suite', () => { before(() => { throw new Error('no disk'); }); test('never runs', () => {}); });`);

  assert.deepEqual(counts, { passed: 0, failed: 2, skipped: 0 });
  assert.match(text, /✗ suite \(.*\n {2}Error: no disk/);
});

test('counts a clean-up that fails after all tests as one failure', () => {
  const { counts, text } = reportOf("after(() => { throw new Error('left over'); }); test('good', () => {});");

  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 0 });
  assert.match(text, /Error: left over/);
});

test('counts what needs a control plane as skipped where there can be none, and the rest as ever', () => {
  const missing = `throw new Error(${JSON.stringify(CONTROL_PLANE_MISSING)})`;

  const inTests = reportOf(`
    describe('suite', () => { before(() => { ${missing}; }); test('needs it', () => {}); });
    test('needs it too', () => { ${missing}; });
    after(() => undefined.close());
    test('does not need it', () => {});
    test('is wrong', () => { throw new Error('wrong value'); });`);
  const inFile = reportOf(`${missing};`);

  assert.deepEqual(inTests.counts, { passed: 1, failed: 1, skipped: 2 });
  assert.deepEqual(inFile.counts, { passed: 0, failed: 0, skipped: 1 });
});
