/**
 * Says before the first write of a run what the API server would forbid. One object that may not be written is refused
 * as any other that is wrong; its neighbours go on. A run that writes nothing asks nothing.
 */
import type { Change } from '../../model/change.ts';
import { type ServiceAccountName, splitServiceAccount } from '../../model/service-account.ts';
import type { ClusterConnection } from '../ports.ts';
import { findForbidden, type NamedAccess } from './find-forbidden.ts';
import { type Forbidden, lackOf, notActing } from './forbidden.ts';
import { createGrantMemory, type GrantMemory } from './grant-memory.ts';
import type { PlannedRun } from './plan-run.ts';
import { refuseChanges } from './refuse-changes.ts';
import { pathOf, preferredPathOf, type ServedKinds } from './served-kinds.ts';

export interface PreflightInput {
  /** Acting as `accounts` say. */
  readonly connection: ClusterConnection;
  readonly accounts: ReadonlyMap<string, ServiceAccountName>;
  readonly concurrency: number;
  /** Absent: nothing is remembered. */
  readonly grants?: GrantMemory;
  /** The cluster, by its uid, and the way into it: whose grants are remembered. */
  readonly holder: string;
  readonly nowMs: number;
}

interface Preflight extends PreflightInput {
  readonly served: ServedKinds;
}

/** Returns the run with everything refused that may not be done. */
export async function refuseForbidden(planned: PlannedRun, input: PreflightInput): Promise<PlannedRun> {
  const forbidden = await findForbiddenChanges(planned, input);
  if (forbidden.size === 0) return planned;
  return { ...planned, plan: refuseChanges(planned.plan, (change) => forbidden.get(change)?.problem) };
}

/** Returns the changes that may not be made. */
export async function findForbiddenChanges(
  { plan, observed }: PlannedRun,
  options: PreflightInput,
): Promise<ReadonlyMap<Change, Forbidden>> {
  const input = { ...options, served: observed.served };
  const changes = [...plan.waves, ...plan.prunes].flatMap((wave) => wave.changes);
  const needs = changes.flatMap((change) => {
    const accesses = accessesOf(change, input.served);
    return accesses.length === 0 ? [] : [{ change, accesses }];
  });
  const byAccount = Map.groupBy(needs, ({ change }) => input.accounts.get(change.application));
  const found = await Promise.all([...byAccount].map(([account, of]) => findFor(input, account, of)));
  return new Map(found.flat());
}

interface Need {
  readonly change: Change;
  readonly accesses: readonly NamedAccess[];
}

async function findFor(
  input: Preflight,
  account: ServiceAccountName | undefined,
  needs: readonly Need[],
): Promise<readonly (readonly [Change, Forbidden])[]> {
  const [first] = needs;
  if (first === undefined) return [];
  const requests = input.connection.for(first.change.application);
  const grants = input.grants ?? createGrantMemory();
  const granted = grants.of(`${input.holder} ${account ?? ''}`, input.nowMs);
  const { concurrency } = input;
  const ask = requests.reviewAccess.bind(requests);
  const wanted = needs.flatMap(({ accesses }) => accesses);
  const findings = await findForbidden({ ask, granted, concurrency }, wanted);
  if (!findings.ok) {
    // To ask is everyone's right, once one may act as the account; what else went wrong, the writes tell.
    if (account === undefined || findings.refusal.status !== 403) return [];
    return needs.map(({ change }) => [change, notActing(change, account, findings.refusal)] as const);
  }
  const isMissing = account !== undefined && findings.forbidden.size > 0 && (await isGone(input, account));
  return needs.flatMap(({ change, accesses }) => {
    const lacking = accesses.filter((access) => findings.forbidden.has(access));
    return lacking.length === 0 ? [] : [[change, lackOf(change, lacking, { account, isMissing })] as const];
  });
}

function accessesOf(change: Change, served: ServedKinds): readonly NamedAccess[] {
  const verbs = verbsOf(change);
  const object = 'desired' in change ? change.desired : change.live;
  const kind = object && pathOf(served, object)?.kind;
  if (kind === undefined) return [];
  const { group, resource } = kind;
  return verbs.map((verb) => ({ verb, group, resource, namespace: change.ref.namespace, name: change.ref.name }));
}

/** Server-side apply is a `patch`; where it makes the object, the API server asks for `create` too, by name. */
function verbsOf(change: Change): readonly string[] {
  switch (change.op) {
    case 'create':
      return ['patch', 'create'];
    case 'update':
      return ['patch'];
    case 'prune':
      return [change.letsGo ? 'patch' : 'delete'];
    case 'keep':
    case 'skip':
    case 'refuse':
      return [];
  }
}

/** A right to read it is nobody's duty: unknown counts as there. */
async function isGone({ connection, served }: Preflight, account: ServiceAccountName): Promise<boolean> {
  const path = preferredPathOf(served, { group: '', kind: 'ServiceAccount' });
  const ref = { group: '', kind: 'ServiceAccount', ...splitServiceAccount(account) };
  const found = path && (await connection.get(path, ref, { metadataOnly: true }));
  return found !== undefined && !found.ok && found.refusal.status === 404;
}
