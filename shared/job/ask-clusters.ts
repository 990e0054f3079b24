/** Hands on what a person asks for: one write and one nudge a cluster. What becomes of it is up to the cluster's run. */
import { PlumblineError } from '../errors.ts';
import type { Instruction } from '../model/instruction.ts';
import type { PeopleRequest } from '../model/people-request.ts';
import type { ApplicationStatus, ClusterItem } from '../model/status.ts';
import type { Nudge, Origin, Queue, StateStore } from './ports.ts';

export interface AskDeps {
  readonly state: Pick<StateStore, 'nowMs' | 'wake' | 'ask' | 'readCluster' | 'listClusters' | 'listApplications'>;
  readonly queue: Pick<Queue, 'send'>;
}

export interface Asking extends Pick<Origin, 'trace'> {
  readonly fleet: string;
  readonly request: PeopleRequest;
  /** Fresh for each request: the same one sent again under it counts once. */
  readonly id: string;
}

/**
 * Returns the names of the clusters that were asked.
 *
 * @throws {ConfigInvalid} when there is no such cluster or application, or too much waits for it.
 * @throws {StateUnavailable | Throttled}
 */
export async function askClusters(deps: AskDeps, asking: Asking): Promise<readonly string[]> {
  const { fleet, request, trace } = asking;
  const origin = { hop: 0, ...(trace !== undefined && { trace }) };
  if (asking.request.revision !== undefined) return approveRevision(deps, asking);
  const items = await askedItems(deps, asking);
  const instruction = await instructionOf(deps, asking);
  for (const { cluster } of items) await askOne(deps, asking, { cluster, instruction });
  const nudges = items.map((item) => nudgeOf(asking, item));
  if (request.cluster === undefined) await deps.state.wake({ kind: 'fleet', fleet });
  await deps.queue.send([
    ...(request.cluster === undefined ? [{ kind: 'fleet', fleet, ...origin } as const] : []),
    ...nudges,
  ]);
  return items.map(({ cluster }) => cluster);
}

function nudgeOf({ fleet, trace }: Asking, { cluster, desired }: ClusterItem): Nudge {
  const reachedFrom = desired?.network === undefined ? {} : { network: desired.network };
  return { kind: 'cluster', fleet, cluster, ...reachedFrom, hop: 0, ...(trace !== undefined && { trace }) };
}

/** Approves, in every cluster where the last run refused something of that commit, exactly what it refused. */
async function approveRevision(deps: AskDeps, asking: Asking): Promise<readonly string[]> {
  const { fleet, request, id } = asking;
  const { revision = '', cluster, by } = request;
  const items = cluster === undefined ? await deps.state.listClusters(fleet) : await askedItems(deps, asking);
  const atMs = await deps.state.nowMs();
  const asked: ClusterItem[] = [];
  for (const item of items.filter((one) => isHeldTo(one, revision))) {
    const refusals = refusalsOf(item, await deps.state.listApplications(fleet, item.cluster));
    for (const { digest: subject, application } of refusals) {
      const what = { act: 'approve', subject, ...(application !== undefined && { application }) } as const;
      const instruction = { id: `${id}-${subject}`, ...what, by, atMs };
      await askOne(deps, asking, { cluster: item.cluster, instruction });
    }
    if (refusals.length > 0) asked.push(item);
  }
  if (asked.length === 0) {
    throw refused(`revision ${revision}`, 'nothing of it is refused anywhere', 'see `plumbline status` for what is');
  }
  await deps.queue.send(asked.map((item) => nudgeOf(asking, item)));
  return asked.map((item) => item.cluster);
}

/** Its last run was one of what it is to look like since that commit: a refusal of before would be another's. */
function isHeldTo({ desired, status }: ClusterItem, revision: string): boolean {
  if (desired === undefined || status?.tried !== desired.blob) return false;
  return desired.commit.revision.startsWith(revision);
}

function refusalsOf({ status }: ClusterItem, applications: readonly ApplicationStatus[]) {
  const problems = [...(status?.problems ?? []), ...applications.flatMap((application) => application.problems)];
  const refusals = problems.flatMap(({ refusal }) => refusal ?? []);
  return [...new Map(refusals.map((refusal) => [refusal.digest, refusal])).values()];
}

async function askedItems({ state }: AskDeps, { fleet, request }: Asking): Promise<readonly ClusterItem[]> {
  const { act, cluster, application } = request;
  if (cluster === undefined) return state.listClusters(fleet);
  const item = await state.readCluster(fleet, cluster);
  if (item === undefined) throw await unknownCluster(state, fleet, cluster);
  if (act !== 'suspend' || application === undefined) return [item];
  const names = (await state.listApplications(fleet, cluster)).map((status) => status.application);
  if (names.includes(application)) return [item];
  throw refused(`application ${application}`, `${cluster} has none of that name`, nameOneOf(names));
}

async function instructionOf({ state }: AskDeps, { request, id }: Asking): Promise<Instruction> {
  const { act, application, refusal, by } = request;
  return {
    ...{ id, act, by, atMs: await state.nowMs() },
    ...(application !== undefined && { application }),
    ...(refusal !== undefined && { subject: refusal }),
  };
}

async function askOne(
  { state }: AskDeps,
  { fleet }: Asking,
  { cluster, instruction }: { readonly cluster: string; readonly instruction: Instruction },
): Promise<void> {
  const result = await state.ask({ kind: 'cluster', fleet, cluster }, instruction);
  if (result === 'unknown') throw await unknownCluster(state, fleet, cluster);
  if (result === 'full') {
    // To be looked at is what everyone there waits for.
    if (instruction.act === 'reconcile') return state.wake({ kind: 'cluster', fleet, cluster });
    throw refused(
      cluster,
      'too much waits for it already',
      'see why it is not run: `plumbline status`, then ask again',
    );
  }
}

async function unknownCluster(state: AskDeps['state'], fleet: string, cluster: string): Promise<PlumblineError> {
  const names = (await state.listClusters(fleet)).map((item) => item.cluster);
  return refused(`cluster ${cluster}`, `fleet ${fleet} has none of that name`, nameOneOf(names));
}

const NAMES_SHOWN = 10;

function nameOneOf(names: readonly string[]): string {
  if (names.length === 0) return 'no run has seen one yet';
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
  return `name one of: ${names.slice(0, NAMES_SHOWN).join(', ')}${more}`;
}

function refused(subject: string, wrong: string, remedy: string): PlumblineError {
  return new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'ask', wrong, remedy }]);
}
