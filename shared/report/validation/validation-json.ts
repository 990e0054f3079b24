import type { Finding } from '../../model/finding.ts';
import type { Json } from '../../model/json.ts';
import { problemsJson } from '../json-report.ts';
import { countFindings, type ValidationReport } from './validation-report.ts';
import { findingArticle } from './validation-text.ts';

/** Returns the `validate` report as a value for `JSON.stringify`; see json-report.ts for what scripts may rely on. */
export function validationJson(report: ValidationReport): Json {
  const { problems, findings, ...rest } = report;
  return {
    kind: 'Validation',
    ...rest,
    problems: problemsJson(problems.map((problem) => ({ problem }))),
    counts: { ...countFindings(findings) },
    findings: findings.map(findingJson),
  };
}

function findingJson(finding: Finding): Json {
  const { rule, level, subject, field = null, wrong, remedy, place, clusters, applications } = finding;
  const { path = null, line = null, column = null, repository = null } = place ?? {};
  return {
    ...{ rule, level, subject, field, wrong, remedy, path, line, column, repository },
    clusters,
    applications,
    article: findingArticle(finding),
  };
}
