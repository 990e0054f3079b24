/** Problems of declarations and renderings as findings: their file, line and column stand in the subject. */
import type { Finding, FindingPlace, RuleName } from '../../model/finding.ts';
import { isOutOfSight } from '../../model/gathering.ts';
import type { ErrorCode, Problem } from '../../model/problem.ts';

const PLACE = /^((?:[^\s:]+\/)*[^\s:/]+\.[a-z]+)(?::(\d+))?(?::(\d+))?$/;

const RULE_OF: Partial<Readonly<Record<ErrorCode, RuleName>>> = {
  DuplicateObject: 'double-object',
  DependencyCycle: 'dependency-circle',
};

export function findingOfProblem(
  problem: Problem,
  at: { readonly cluster?: string; readonly application?: string } = {},
): Finding {
  const { cluster, application } = at;
  const place = placeOf(problem);
  const ruleOfRendering = isOutOfSight(problem) ? 'not-checked' : 'rendering';
  return {
    rule: RULE_OF[problem.code] ?? (application === undefined ? 'declaration' : ruleOfRendering),
    code: problem.code,
    level: isOutOfSight(problem) ? 'note' : 'error',
    subject: problem.subject,
    wrong: `${problem.act}: ${problem.wrong}`,
    remedy: problem.remedy,
    ...(place && { place }),
    clusters: cluster === undefined ? [] : [cluster],
    applications: application === undefined ? [] : [application],
  };
}

/** Returns the finding of a commit that is read although nobody trusted signed it. */
export function findingOfUnsigned(problem: Problem): Finding {
  return { ...findingOfProblem(problem), rule: 'unsigned-commit', level: 'warning' };
}

/** Returns the finding of what a renderer warns of; `path:line: text` names its place. */
export function findingOfWarning(
  text: string,
  { cluster, application }: { readonly cluster: string; readonly application: string },
): Finding {
  const [, subject, said] = /^(\S+\.[a-z]+(?::\d+)*): ([\s\S]*)$/.exec(text) ?? [];
  const place = subject === undefined ? undefined : parsePlace(subject);
  return {
    rule: 'rendering-warning',
    level: 'warning',
    subject: subject ?? application,
    wrong: said ?? text,
    remedy: '',
    ...(place && { place }),
    clusters: [cluster],
    applications: [application],
  };
}

/** An object that is declared twice stands in two places, which the text names. */
function placeOf({ subject, wrong, code }: Problem): FindingPlace | undefined {
  if (code === 'DuplicateObject') return parsePlace(/\(([^()]+)\)$/.exec(wrong)?.[1] ?? '');
  return parsePlace(subject);
}

function parsePlace(text: string): FindingPlace | undefined {
  const [, path, line, column] = PLACE.exec(text) ?? [];
  if (path === undefined) return undefined;
  return {
    path,
    ...(line !== undefined && { line: Number(line) }),
    ...(column !== undefined && { column: Number(column) }),
  };
}
