/** What people asked for, in a sentence: for the command line, the pages and whoever pressed a button. */
import { type Instruction, type Suspension, WHOLE_CLUSTER } from '../model/instruction.ts';
import type { PeopleRequest } from '../model/people-request.ts';
import type { ClusterItem } from '../model/status.ts';
import { count, formatAge } from './times.ts';

/** Returns `asked production to suspend web; its next run does it`. */
export function describeAsked(request: PeopleRequest, clusters: readonly string[]): string {
  const { cluster = count(clusters.length, 'cluster'), application, refusal, revision } = request;
  if (revision !== undefined) return `asked ${clusters.join(', ')} to ${refusedText(revision)}; the next run does it`;
  const what = actText(request.act, { application, subject: refusal });
  return request.act === 'reconcile'
    ? `asked ${cluster} to ${what}`
    : `asked ${cluster} to ${what}; its next run does it`;
}

/** Returns `approve what is refused of 3f8e21c`. */
export function refusedText(revision: string): string {
  return `approve what is refused of ${revision.slice(0, 7)}`;
}

/** Returns `suspend web`, `approve 4f9c2e1a7b3d of web`, `suspend everything`. */
export function actText(
  act: Instruction['act'],
  { application, subject }: { readonly application?: string | undefined; readonly subject?: string | undefined },
): string {
  switch (act) {
    case 'reconcile':
      return 'reconcile now';
    case 'suspend':
    case 'resume':
      return `${act} ${application ?? 'everything'}`;
    case 'approve':
      return `approve ${subject ?? ''}${application === undefined ? '' : ` of ${application}`}`;
  }
}

/** Returns `suspended by ana, 2 h ago`, `the whole cluster is suspended by ana`, as far as it is known. */
export function describeSuspension({ name, by, atMs }: Suspension, nowMs: number): string {
  const what = name === WHOLE_CLUSTER ? 'the whole cluster is suspended' : 'suspended';
  const when = atMs === undefined ? '' : `, ${formatAge(nowMs - atMs)} ago`;
  return `${what}${by === undefined ? ' in the anchor' : ` by ${by}`}${when}`;
}

/** Returns `ana asked to suspend web, bo to reconcile now` of a run; '' where nobody asked. */
export function describeAskers(asked: readonly Instruction[] = []): string {
  return asked.map((one) => `${one.by} asked to ${actText(one.act, one)}`).join(', ');
}

/** Returns a line for each application that is declared no longer and is not gone from the cluster yet. */
export function leavingLines({ cluster, status }: ClusterItem): readonly string[] {
  return (status?.leaving ?? []).map(
    ({ application, reason }) => `${cluster}: ${application} is declared no longer and not gone yet: ${reason}`,
  );
}

/** Returns a line for each thing that was asked of the cluster and that no run has done yet. */
export function waitingLines({ cluster, asked = [] }: ClusterItem, nowMs: number): readonly string[] {
  return asked.map(
    (one) =>
      `${cluster}: ${one.by} asked ${formatAge(nowMs - one.atMs)} ago to ${actText(one.act, one)}; it waits for the next run`,
  );
}
