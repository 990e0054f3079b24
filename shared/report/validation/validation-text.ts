/** The `validate` report for people: every finding with its place and what to do, and the verdict at the end. */
import { type Finding, type FindingLevel, formatFindingPlace } from '../../model/finding.ts';
import { shortRevision } from '../../model/revision.ts';
import { articleOf } from '../problems-text.ts';
import { bold, dim, indentText, printLines, SIGN } from '../terminal.ts';
import { count, formatDuration } from '../times.ts';
import { countFindings, formatCounts, type ValidationReport } from './validation-report.ts';

const SIGN_OF: Readonly<Record<FindingLevel, string>> = { error: SIGN.bad, warning: SIGN.change, note: SIGN.still };
/** How many clusters are named before the rest is counted. */
const CLUSTERS_SHOWN = 6;

/** Returns the whole report; all findings, never the first alone. */
export function formatValidation(report: ValidationReport, options: { readonly color: boolean }): string {
  const lines = report.findings.flatMap((finding) => [...linesOf(finding, report), '']);
  return printLines([...lines, verdictLine(report)], options);
}

/** Returns the closing line alone. A fleet may be named by anything: what it holds begins no line of its own. */
export function formatVerdict(report: ValidationReport, options: { readonly color: boolean }): string {
  return printLines([verdictLine(report)], options);
}

function verdictLine({ findings, ...report }: ValidationReport): string {
  const counts = countFindings(findings);
  const what = `${report.fleet} at ${shortRevision(report.revision)}`;
  const seen = [
    count(report.clusters, 'cluster'),
    count(report.applications, 'application'),
    count(report.objects, 'object'),
  ].join(', ');
  const isGood = counts.error === 0;
  const besides = formatCounts({ ...counts, error: 0 });
  const verdict = isGood ? `is good${besides === '' ? '' : `, with ${besides}`}` : `has ${formatCounts(counts)}`;
  return `${isGood ? SIGN.good : SIGN.bad} ${what} ${verdict}: ${seen} in ${formatDuration(report.durationMs)}`;
}

function linesOf(finding: Finding, report: Pick<ValidationReport, 'clusters'>): readonly string[] {
  const { rule, code, level, subject, field, wrong, remedy } = finding;
  const place = formatFindingPlace(finding);
  const about = place === undefined || subject.startsWith(place) ? subject : `${place}: ${subject}`;
  const [first = '', ...rest] = indentText(`${about}: ${field === undefined ? '' : `${field}: `}${wrong}`, '');
  const toDo = remedy === '' ? [] : indentText(remedy, '');
  return [
    `${SIGN_OF[level]} ${bold(code ?? rule)}${whereOf(finding, report)}`,
    `  ${first}`,
    ...rest.map((line) => `    ${line}`),
    ...toDo.map((line, index) => (index === 0 ? `  to do    ${line}` : `           ${line}`)),
    `  more     ${dim(findingArticle(finding))}`,
  ];
}

/** Where every cluster has it, none is named. */
function whereOf({ clusters }: Finding, report: Pick<ValidationReport, 'clusters'>): string {
  if (clusters.length === 0) return '';
  if (clusters.length === report.clusters) return clusters.length === 1 ? '' : ` in all ${clusters.length} clusters`;
  const shown = clusters.slice(0, CLUSTERS_SHOWN).join(', ');
  const hidden = clusters.length - CLUSTERS_SHOWN;
  return ` in ${shown}${hidden > 0 ? ` and ${hidden} more` : ''}`;
}

/** Returns where more is said of it: `docs/validate.md#unknown-field`, `docs/runbook.md#renderfailed`. */
export function findingArticle({ rule, code }: Pick<Finding, 'rule' | 'code'>): string {
  return code === undefined ? `docs/validate.md#${rule}` : articleOf(code);
}
