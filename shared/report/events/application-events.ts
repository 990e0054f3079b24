import type { FleetEvent } from '../../model/fleet-event.ts';
import { formatProblem, type Problem } from '../../model/problem.ts';
import { shortRevision } from '../../model/revision.ts';
import { hidePasswords } from '../../model/secret-fields.ts';
import type { ApplicationStatus } from '../../model/status.ts';
import { cutText, problemFields, withProblems } from './event-text.ts';

/**
 * Returns what became of an application: whether it failed otherwise than before, became degraded, or arrived (synced and
 * healthy, and not so at this input before).
 */
export function applicationEvents(
  fleet: string,
  told: { readonly run: string; readonly application: ApplicationStatus; readonly before?: ApplicationStatus },
): readonly FleetEvent[] {
  const { run, application: now, before } = told;
  const { cluster, application, revision, sinceMs, problems, healthReason } = now;
  const commit = revision === '' ? {} : { commit: revision };
  const detail = { fleet, cluster, application, ...commit, run, since: new Date(sinceMs).toISOString() };
  const name = `${cluster} / ${application}`;
  const at = revision === '' ? '' : ` at ${shortRevision(revision)}`;
  const events: FleetEvent[] = [];
  const refusals = refusalsOf(now);
  if (refusals.length > 0 && textsOf(refusals) !== textsOf(refusalsOf(before))) {
    const text = withProblems(`${name}: failed${at}`, refusals);
    events.push({ type: 'ApplicationFailed', detail: { ...detail, ...problemFields(refusals), text } });
  }
  if (now.health === 'degraded' && !(before?.health === 'degraded' && before.inputDigest === now.inputDigest)) {
    const reason = cutText(hidePasswords(healthReason));
    const text = cutText(`${name}: degraded${at}: ${reason}`);
    events.push({ type: 'ApplicationDegraded', detail: { ...detail, reason, ...problemFields(problems), text } });
  }
  if (hasArrived(now) && !(before !== undefined && hasArrived(before) && before.inputDigest === now.inputDigest)) {
    const text = cutText(`${name}: synced and ${now.health}${at}`);
    events.push({ type: 'ApplicationSynced', detail: { ...detail, text } });
  }
  return events;
}

/** Being late is told as degraded, not as failed. */
function refusalsOf(status: ApplicationStatus | undefined): readonly Problem[] {
  return (status?.problems ?? []).filter(({ code }) => code !== 'HealthTimeout');
}

function textsOf(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join('\n');
}

function hasArrived({ sync, health, waitingFor }: ApplicationStatus): boolean {
  return sync === 'synced' && (health === 'healthy' || health === 'suspended') && waitingFor === '';
}
