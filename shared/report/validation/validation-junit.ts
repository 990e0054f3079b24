/**
 * The `validate` report as JUnit XML: a suite a file, a case a finding, and one that passed where there is nothing to
 * say, because some readers take a report without cases for one that failed.
 * There is no standard; GitLab, Jenkins, Azure and CodeBuild read these elements and attributes.
 */
import { type Finding, formatFinding, formatFindingPlace } from '../../model/finding.ts';
import { countFindings, type ValidationReport } from './validation-report.ts';

/** @param failOn the least weight of a finding that counts as a failure; lighter ones are told in the output of a passed case. */
export function validationJunit(report: ValidationReport, failOn: 'error' | 'warning'): string {
  const { findings, fleet, durationMs } = report;
  const suites = [...Map.groupBy(findings, ({ place }) => place?.path ?? fleet)];
  const lines = suites.flatMap(([name, own]) => [
    `  <testsuite ${attributes({ name, tests: own.length, failures: failuresOf(own, failOn), errors: 0, time: '0' })}>`,
    ...own.flatMap((finding) => caseOf(finding, failOn)),
    '  </testsuite>',
  ]);
  const time = (durationMs / 1000).toFixed(3);
  const passed = [
    `  <testsuite ${attributes({ name: fleet, tests: 1, failures: 0, errors: 0, time })}>`,
    `    <testcase ${attributes({ classname: fleet, name: 'validate', time })}/>`,
    '  </testsuite>',
  ];
  const tests = Math.max(1, findings.length);
  const counts = { name: 'plumbline validate', tests, failures: failuresOf(findings, failOn), errors: 0, time };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes(counts)}>`,
    ...(findings.length === 0 ? passed : lines),
    '</testsuites>',
    '',
  ].join('\n');
}

function failuresOf(findings: readonly Finding[], failOn: 'error' | 'warning'): number {
  const { error, warning } = countFindings(findings);
  return failOn === 'error' ? error : error + warning;
}

function caseOf(finding: Finding, failOn: 'error' | 'warning'): readonly string[] {
  const { rule, subject, level, place, clusters } = finding;
  const file = place === undefined ? {} : { file: place.path, ...(place.line !== undefined && { line: place.line }) };
  const name = `${subject} ${finding.field ?? ''}`.trim();
  const message = formatFinding(finding);
  const where = [formatFindingPlace(finding), clusters.length === 0 ? undefined : `clusters: ${clusters.join(', ')}`];
  const text = escapeXml([`${level}: ${message}`, ...where.filter((line) => line !== undefined)].join('\n'));
  const isFailure = failuresOf([finding], failOn) > 0;
  return [
    `    <testcase ${attributes({ classname: rule, name, ...file, time: '0' })}>`,
    isFailure
      ? `      <failure ${attributes({ type: rule, message })}>${text}</failure>`
      : `      <system-out>${text}</system-out>`,
    '    </testcase>',
  ];
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escapeXml(String(value)).replaceAll('\n', '&#10;')}"`)
    .join(' ');
}

/** Characters that XML 1.0 cannot hold in any form become a mark. Source: w3.org, XML 1.0, section 2.2. */
const NOT_IN_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeXml(text: string): string {
  return text.replace(NOT_IN_XML, '\ufffd').replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
