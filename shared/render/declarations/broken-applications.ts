/**
 * What is wrong with single applications: each is held back wherever it is or would be, the others go on
 * (docs/decisions/0024).
 */
import type { BrokenApplication } from '../../model/declarations.ts';
import type { Problem } from '../../model/problem.ts';
import { mergeFaults } from './merge-faults.ts';
import {
  type ApplicationFault,
  type BrokenText,
  intentOf,
  type NamedApplication,
  pathInDocument,
} from './named-application.ts';

interface Finding {
  readonly problem: Problem;
  /** Absent: wherever it goes. */
  readonly clusters?: readonly string[] | undefined;
  /** Where it goes is in doubt. */
  readonly isOfSelector: boolean;
}

/** Returns the broken applications; one that is wrong for some clusters alone is broken in each of these. */
export function brokenApplications(
  faults: readonly ApplicationFault[],
  texts: readonly BrokenText[],
  all: readonly NamedApplication[],
): readonly BrokenApplication[] {
  const problems = mergeFaults(
    faults.map(({ application, fault }) => ({
      document: application.document,
      fault: { ...fault, path: pathInDocument(application, fault.path) },
      item: application.madeBy?.item,
    })),
  );
  const byName = new Map<string, Finding[]>();
  const add = (name: string, finding: Finding) => byName.set(name, [...(byName.get(name) ?? []), finding]);
  for (const { application, problems: own } of texts)
    for (const problem of own) add(application.name, { problem, isOfSelector: false });
  for (const [index, { application, fault, clusters, others = [] }] of faults.entries()) {
    const problem = problems[index];
    const isOfSelector = fault.path[0] === 'spec' && fault.path[1] === 'clusters';
    if (problem !== undefined)
      for (const name of [application.name, ...others]) add(name, { problem, clusters, isOfSelector });
  }
  const applications = new Map(all.map((application) => [application.name, application]));
  return [...byName].flatMap(([name, findings]) => {
    const application = applications.get(name);
    return application === undefined ? [] : brokenApplication(application, findings);
  });
}

function brokenApplication(application: NamedApplication, findings: readonly Finding[]): readonly BrokenApplication[] {
  const { name, madeBy } = application;
  const { clusters, ...intent } = intentOf(application);
  const broken = { name, ...(madeBy && { madeBy }), ...intent };
  const isWhole = findings.some((finding) => finding.clusters === undefined);
  if (isWhole) {
    const isKnown = clusters !== undefined && !findings.some(({ isOfSelector }) => isOfSelector);
    const problems = [...new Set(findings.map(({ problem }) => problem))];
    return [{ ...broken, ...(isKnown && { clusters }), problems }];
  }
  const names = new Set(findings.flatMap((finding) => finding.clusters ?? []));
  return [...names].map((cluster) => {
    const own = findings.filter((finding) => finding.clusters?.includes(cluster));
    return { ...broken, clusters: { names: [cluster] }, problems: [...new Set(own.map(({ problem }) => problem))] };
  });
}

/** Tells whether `broken` is so everywhere: then there is nothing of it to be planned. */
export function brokenEverywhere(
  faults: readonly ApplicationFault[],
  texts: readonly BrokenText[],
): ReadonlySet<string> {
  const whole = faults.filter(({ clusters }) => clusters === undefined);
  return new Set([
    ...texts.map(({ application }) => application.name),
    ...whole.flatMap(({ application, others = [] }) => [application.name, ...others]),
  ]);
}
