import { shortText } from '../../model/short-problems.ts';
import type { LeavingApplication } from '../../model/status.ts';
import type { Applied } from './apply-object.ts';
import type { RunOutcome } from './summarise-applications.ts';

/** Of a cluster that a wrong label empties the first tell enough. */
const MOST_SHOWN = 20;
const LONGEST_REASON = 300;

/**
 * Returns the applications that are declared no longer and have something here that is still to go, with what the first
 * of it waits for; 20 at most. They have no status of their own. What stays for good is not waited for.
 */
export function leavingApplications({ desired, results, waiting }: RunOutcome): readonly LeavingApplication[] {
  const declared = new Set([...desired.applications, ...desired.unavailable].map(({ name }) => name));
  const reasons = new Map([...waiting].filter(([application]) => !declared.has(application)));
  for (const { change, outcome } of results.filter(isStillToGo)) {
    const { application } = change;
    const isNew = !declared.has(application) && !reasons.has(application);
    if (isNew && outcome.result === 'skipped')
      reasons.set(application, `${change.ref.kind} ${change.ref.name} ${outcome.reason}`);
  }
  return [...reasons]
    .slice(0, MOST_SHOWN)
    .map(([application, reason]) => ({ application, reason: shortText(reason, LONGEST_REASON) }));
}

function isStillToGo({ change, outcome }: Applied): boolean {
  if (outcome.result !== 'skipped') return false;
  return change.op !== 'skip' || change.reason === 'terminating' || change.reason === 'held-back';
}
