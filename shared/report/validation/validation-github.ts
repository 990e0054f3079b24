/**
 * The `validate` report as workflow commands of GitHub Actions: each finding becomes an annotation of its line.
 * Source: docs.github.com, "Workflow commands for GitHub Actions"; the escapes: actions/toolkit, packages/core/command.
 */
import { type Finding, type FindingLevel, formatFinding } from '../../model/finding.ts';
import type { ValidationReport } from './validation-report.ts';
import { formatVerdict } from './validation-text.ts';

const COMMAND_OF: Readonly<Record<FindingLevel, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/** Returns a command a finding, and the verdict for whoever reads the log. */
export function validationGithub(report: ValidationReport): string {
  return [...report.findings.map(commandOf), formatVerdict(report, { color: false })].join('\n');
}

function commandOf(finding: Finding): string {
  const { level, place, subject, rule, clusters } = finding;
  const isHere = place !== undefined && place.repository === undefined;
  const properties = Object.entries({
    file: isHere ? place.path : undefined,
    line: isHere ? place.line : undefined,
    col: isHere ? place.column : undefined,
    title: `${rule}: ${subject}`,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`]));
  const where = clusters.length === 0 ? '' : ` (${clusters.join(', ')})`;
  return `::${COMMAND_OF[level]} ${properties.join(',')}::${escapeText(`${formatFinding(finding)}${where}`)}`;
}

/** A line break would begin a command of someone else's making. */
function escapeText(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
