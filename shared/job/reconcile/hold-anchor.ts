/**
 * The anchor is the lease as the cluster itself sees it: the API server knows nothing of a lease in a state table, so a
 * run raises the fence there before its first write and looks again before each wave. Whoever finds another writer
 * stops (design.md section 6).
 */
import { SYSTEM_NAMESPACE } from '../../config/names.ts';
import { PlumblineError } from '../../errors.ts';
import { type KubeObject, refOf } from '../../model/kube-object.ts';
import type { Lease } from '../../model/work-item.ts';
import { type Anchor, anchorObject, readAnchor } from '../../plan/anchor.ts';
import { problemOfRefusal } from '../../plan/refusal.ts';
import type { ApiRefusal } from '../ports.ts';
import type { RunContext } from './run-context.ts';
import { pathOf } from './served-kinds.ts';

export interface AnchorClaim {
  readonly lease: Lease;
  /** Ticket of the desired state that this run brings in. */
  readonly ticket: number;
  /** What people have told, as it is written with the fence. */
  readonly tell: (anchor: Anchor) => Pick<Anchor, 'suspensions' | 'approvals'>;
  /** Called when the cluster has seen a newer plan than ours, before the run ends: only a new plan helps. */
  readonly wakePlanner: () => Promise<void>;
  /** Lifts the lease's fence above one seen in the cluster; undefined: the lease is lost. */
  readonly liftFence: (seenFence: number) => Promise<Lease | undefined>;
}

/** @throws {LeaseHeld} when another run has taken the cluster over. */
export type AssertHeld = () => Promise<void>;

/** The anchor with the version that a raise is conditional on. */
interface SeenAnchor {
  readonly anchor: Anchor;
  readonly resourceVersion: string | undefined;
}

const TRIES = 3;

/**
 * Returns what a run calls before each of its writes: the first time it takes the anchor, later it looks whether it
 * still has it. A run that writes nothing, though much may wait in it, leaves the anchor alone.
 */
export function anchorOnDemand(run: RunContext, claim: AnchorClaim): AssertHeld {
  let taken: Promise<AssertHeld> | undefined;
  return async () => {
    if (taken !== undefined) return (await taken)();
    taken = holdAnchor(run, claim);
    await taken;
  };
}

/** Raises the fence in the cluster: one request, some more when the anchor is new or another run raises it too. */
async function holdAnchor(run: RunContext, claim: AnchorClaim): Promise<AssertHeld> {
  let lease = claim.lease;
  for (let tries = 0; tries < TRIES; tries++) {
    const seen = tries === 0 ? (seenIn(run.observed) ?? (await createAnchor(run, lease))) : await fetchAnchor(run);
    await assertNewest(run, claim, seen.anchor);
    lease = await liftedAbove(run, seen.anchor, { ...claim, lease });
    const told = claim.tell(seen.anchor);
    const raised = { ...seen.anchor, ...told, fence: lease.fence, writer: lease.nonce, generation: claim.ticket };
    const result = await applyOwn(run, anchorObject(raised, seen.resourceVersion));
    if (result.ok) return () => assertHeld(run, lease);
    if (result.refusal.status !== 409) throw refused(run, anchorObject(raised), result.refusal);
  }
  throw leaseHeld(run, (await fetchAnchor(run)).anchor);
}

/** The state may be younger than the anchor (put back from a backup): whoever still holds its lease goes above. */
async function liftedAbove(run: RunContext, seen: Anchor, { lease, liftFence }: AnchorClaim): Promise<Lease> {
  const isBelow = seen.fence > lease.fence || (seen.fence === lease.fence && seen.writer !== lease.nonce);
  const lifted = isBelow ? await liftFence(seen.fence) : lease;
  if (lifted === undefined) throw leaseHeld(run, seen);
  return lifted;
}

function seenIn({ anchor }: RunContext['observed']): SeenAnchor | undefined {
  return anchor && { anchor: anchor.anchor, resourceVersion: anchor.resourceVersion };
}

/**
 * Makes the anchor without content and under a manager of its own, so that two runs that find none at once cannot reset
 * each other's fence: the content comes with the raise, which only one of them wins.
 */
async function createAnchor(run: RunContext, lease: Lease): Promise<SeenAnchor> {
  const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SYSTEM_NAMESPACE } };
  const { data: _data, ...empty } = anchorObject(firstAnchor(run, lease.nonce));
  for (const object of [namespace, empty]) {
    const result = await applyOwn(run, object, `${run.fieldManager}-create`);
    // Who may not make the namespace may be given it.
    const isGiven = !result.ok && object === namespace && (await isThere(run, namespace));
    if (!result.ok && !isGiven) throw refused(run, object, result.refusal);
  }
  return fetchAnchor(run);
}

async function isThere(run: RunContext, namespace: KubeObject): Promise<boolean> {
  const path = pathOf(run.served, namespace);
  const found = path && (await run.connection.get(path, refOf(namespace), { metadataOnly: true }));
  return found?.ok === true;
}

function firstAnchor(run: RunContext, writer: string): Anchor {
  const { uid: clusterUid } = run.observed;
  return { fleet: run.fleet, clusterUid, fence: 0, writer, generation: 0, suspensions: [], approvals: [] };
}

async function fetchAnchor(run: RunContext): Promise<SeenAnchor> {
  const object = anchorObject(firstAnchor(run, ''));
  const path = pathOf(run.served, object);
  const result = path && (await run.connection.get(path, refOf(object)));
  if (result?.ok) {
    const anchor = result.value.data === undefined ? undefined : readAnchor(result.value);
    return { anchor: anchor ?? firstAnchor(run, ''), resourceVersion: result.value.metadata.resourceVersion };
  }
  throw refused(run, object, result?.refusal ?? GONE);
}

const GONE: ApiRefusal = { status: 404, reason: 'NotFound', message: 'it was deleted during the run', causes: [] };

async function assertHeld(run: RunContext, lease: Lease): Promise<void> {
  const { anchor } = await fetchAnchor(run);
  if (anchor.fence !== lease.fence || anchor.writer !== lease.nonce) throw leaseHeld(run, anchor);
}

async function applyOwn(run: RunContext, object: KubeObject, fieldManager = run.fieldManager) {
  const path = pathOf(run.served, object);
  if (path === undefined) throw refused(run, object, GONE);
  return run.connection.apply(path, object, { fieldManager, force: true });
}

function refused(run: RunContext, object: KubeObject, refusal: ApiRefusal): PlumblineError {
  const problem = problemOfRefusal(refOf(object), 'take the anchor', refusal);
  return new PlumblineError([{ ...problem, subject: `${problem.subject} in ${run.cluster}` }]);
}

/** A state that was lost or put back wants what is older than the cluster, down to what is to be deleted there. */
async function assertNewest(run: RunContext, { ticket, wakePlanner }: AnchorClaim, anchor: Anchor): Promise<void> {
  if (anchor.generation <= ticket) return;
  await wakePlanner();
  const wrong = `the cluster has seen plan ${anchor.generation}, this state knows no newer one than ${ticket}`;
  const remedy = 'the next plan goes on; if none comes, see whether the fleet repository can be read';
  throw new PlumblineError([{ code: 'LeaseHeld', subject: run.cluster, act: 'write to the cluster', wrong, remedy }]);
}

function leaseHeld(run: RunContext, anchor: Anchor): PlumblineError {
  const wrong = `another run holds the anchor (fence ${anchor.fence}, writer ${anchor.writer})`;
  return new PlumblineError([
    { code: 'LeaseHeld', subject: run.cluster, act: 'write to the cluster', wrong, remedy: '' },
  ]);
}
