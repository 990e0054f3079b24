import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import type { Finding } from '../../../shared/model/finding.ts';
import { validationGithub } from '../../../shared/report/validation/validation-github.ts';
import { validationJunit } from '../../../shared/report/validation/validation-junit.ts';
import { type ValidationReport, verdictOf } from '../../../shared/report/validation/validation-report.ts';

const HOSTILE = '<![CDATA[ ]]> & "quotes" \u0000\u001b[31m \ud800 \n::error::mine\r\n%0A, a:b';
const noPython =
  spawnSync('python3', ['--version']).status !== 0 && 'python3 is not installed: its XML parser reads the report';

/** Prints what a parser that is not ours reads: failures, and the attributes and text of each case. */
const READ = `
import json, sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
print(json.dumps({"failures": root.get("failures"), "cases": [
  [case.get("classname"), case.get("name"), case.get("line"), [child.tag for child in case], case[0].text if len(case) else None]
  for case in root.iter("testcase")]}))`;

function read(report: ValidationReport): {
  readonly failures: string;
  readonly cases: readonly (readonly unknown[])[];
} {
  return JSON.parse(
    execFileSync('python3', ['-c', READ], { input: validationJunit(report, 'error'), encoding: 'utf8' }),
  );
}

function reportOf(findings: readonly Finding[]): ValidationReport {
  const counts = { clusters: 1, applications: 1, objects: 1, durationMs: 1, problems: [], warnings: [] };
  return { fleet: HOSTILE, revision: 'a'.repeat(40), ...counts, findings };
}

const finding: Finding = {
  rule: 'wrong-value',
  level: 'error',
  subject: HOSTILE,
  wrong: HOSTILE,
  remedy: HOSTILE,
  place: { path: `apps/${HOSTILE}`, line: 3 },
  clusters: [HOSTILE],
  applications: [],
};

test('writes XML that a parser reads, whatever a repository says', { skip: noPython }, () => {
  const { failures, cases } = read(reportOf([finding, { ...finding, level: 'warning' }]));

  assert.equal(failures, '1');
  assert.deepEqual(
    cases.map(([rule, , line, children]) => [rule, line, children]),
    [
      ['wrong-value', '3', ['failure']],
      ['wrong-value', '3', ['system-out']],
    ],
  );
  assert.match(String(cases[0]?.[4]), /error: <!\[CDATA\[ \]\]> & "quotes" \ufffd\ufffd\[31m \ufffd/);
});

test('has one passed case where there is nothing to say', { skip: noPython }, () => {
  const { failures, cases } = read(reportOf([]));

  assert.deepEqual([failures, cases.length, cases[0]?.[3]], ['0', 1, []]);
});

test('lets nobody begin a workflow command of their own', () => {
  const lines = validationGithub(reportOf([finding])).split('\n');

  assert.deepEqual(
    lines.filter((line) => line.startsWith('::')).map((line) => line.slice(0, 12)),
    ['::error file'],
  );
  assert.ok(lines.every((line) => !line.includes('\r')));
});

test('fails on errors, and on warnings where it is asked to', () => {
  const warning: Finding = { ...finding, level: 'warning' };
  const note: Finding = { ...finding, level: 'note' };

  assert.equal(verdictOf([note, warning], 'error'), 0);
  assert.equal(verdictOf([note, warning], 'warning'), 1);
  assert.equal(verdictOf([note], 'warning'), 0);
  assert.equal(verdictOf([finding, note], 'error'), 1);
});
