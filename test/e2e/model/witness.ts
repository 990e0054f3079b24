/**
 * Sees every write that leaves for the cluster, and knows by the model alone whether it may: an apply only of what Git
 * wants there, a delete only of what we had applied ourselves and nobody wants or protects.
 */
import { FLEET_LABEL, fieldManagerOf, PART_OF_LABEL, SYSTEM_NAMESPACE } from '../../../shared/config/names.ts';
import type { ApiResult, ObjectRequests } from '../../../shared/job/ports.ts';
import { isJsonObject } from '../../../shared/model/json.ts';
import { type KubeObject, refOf } from '../../../shared/model/kube-object.ts';
import { formatRef, type ObjectRef } from '../../../shared/model/object-ref.ts';
import { fieldManagersOf } from './field-owners.ts';
import type { Ledger } from './ledger.ts';
import { FIELDS, FIXED, type Field, poolObject, type Values } from './pool.ts';
import { type DeclaredObject, type Git, nameToday, type Planned, planOf, upstreamOf } from './repository.ts';

export interface WitnessContext {
  readonly fleet: string;
  readonly namespace: string;
  readonly ledger: Ledger;
  readonly look: (ref: ObjectRef) => Promise<KubeObject | undefined>;
}

export class Witness {
  /** What must never have happened, in words. */
  readonly violations: string[] = [];
  /** Writes that changed something, in order, since `startRun`. */
  readonly taken: string[] = [];
  /** Writes that were sent, taken or not. */
  readonly sent: string[] = [];
  /** As our last apply left each object: an apply that changes nothing gives the same again. */
  readonly #versions = new Map<string, string | undefined>();
  /** Secrets that were applied and are as they were: their true compare, once a day. */
  readonly #compared = new Set<string>();
  /** What the API server refused in this run and did not take later. */
  readonly #refused = new Set<string>();
  /** Names and values that were applied once: applied again they are healed, which waits for nobody. */
  readonly #broughtIn = new Set<string>();
  #isDisturbed = false;
  readonly #context: WitnessContext;
  /** What runs that are under way may believe in: with two at once, either. */
  #believed: readonly Git[] = [];

  constructor(context: WitnessContext) {
    this.#context = context;
  }

  /** Writes of this run that nothing asked for: where all is settled, a true compare and the anchor with it alone may be. */
  needless(): readonly string[] {
    const anchor = `ConfigMap/${SYSTEM_NAMESPACE}/${fieldManagerOf(this.#context.fleet)}`;
    return this.sent.filter((key) => !this.#compared.has(key) && !(this.#compared.size > 0 && key === anchor));
  }

  /** Begins to count anew. `believed` are the states of Git that the coming run may have read. */
  startRun(...believed: readonly Git[]): void {
    this.taken.length = 0;
    this.sent.length = 0;
    this.#isDisturbed = false;
    this.#refused.clear();
    this.#compared.clear();
    this.#believed = believed;
  }

  /** A neighbour comes between what the run has seen and what it does: of an object with the same uid it cannot know. */
  disturb(): void {
    this.#isDisturbed = true;
  }

  /** Another commit arrived while a run is under way. */
  alsoBelieved(git: Git): void {
    this.#believed = [...this.#believed, git];
  }

  async beforeApply(object: KubeObject, application: string): Promise<void> {
    const ref = refOf(object);
    this.sent.push(formatRef(ref));
    if (this.#isOwnPlace(ref)) return;
    const wishes = this.#believed.flatMap((git) => {
      const plan = planOf(git, application);
      const wish = plan?.objects.get(ref.name);
      return wish === undefined || plan?.settings.suspend ? [] : [wish];
    });
    const isPaused = this.#context.ledger.isSuspended(application);
    this.#judgeOrder(object, application);
    if (wishes.length === 0 || isPaused)
      this.#blame(`applied ${formatRef(ref)} for ${application}, which does not want it now`);
    else if (wishes.every(({ policy }) => policy === 'ignore'))
      this.#blame(`applied ${ref.name}, which is to be ignored`);
    else await this.#judgeCreateOnly(ref, wishes);
  }

  /** Something new of an application that depends on another comes once all of that was there. */
  #judgeOrder(object: KubeObject, application: string): void {
    const { name } = object.metadata;
    if (this.#broughtIn.has(contentOf(name, poolObject(name).read(object)))) return;
    const lacks = this.#believed.map((git) => {
      const plans = upstreamOf(git, application).map((upstream) => planOf(git, upstream));
      return plans.flatMap((plan) => (plan === undefined ? ['something'] : this.#lackOf(plan)))[0];
    });
    const [lack] = lacks;
    if (lacks.every((one) => one !== undefined))
      this.#blame(`applied ${name} of ${application} before ${lack} of what it depends on`);
  }

  /** What was never brought in; of what is suspended or only reported nobody can tell. */
  #lackOf({ settings, objects }: Planned): readonly string[] {
    if (settings.suspend || settings.drift === 'report') return [];
    const must = [...objects].filter(([, { policy }]) => !['ignore', 'create-only', 'report'].includes(policy));
    return must.filter(([name, values]) => !this.#broughtIn.has(contentOf(name, values))).map(([name]) => name);
  }

  async #judgeCreateOnly(ref: ObjectRef, wishes: readonly DeclaredObject[]): Promise<void> {
    if (this.#isDisturbed || wishes.some(({ policy }) => policy !== 'create-only' && policy !== 'ignore')) return;
    if ((await this.#context.look(ref)) !== undefined)
      this.#blame(`applied ${ref.name}, which is there, though create-only`);
  }

  /** By force only what was ours, unless Git says that it is to be taken. */
  async beforeForce(object: KubeObject, application: string): Promise<void> {
    const { ledger, look, fleet } = this.#context;
    const ref = refOf(object);
    const isAllowed = this.#believed.some((git) => {
      const plan = planOf(git, application);
      const isForced = plan?.objects.get(ref.name)?.policy === 'force' || plan?.settings.conflicts === 'force';
      return isForced || plan?.settings.adopt;
    });
    const live = this.#isOwnPlace(ref) || isAllowed || !ledger.remembersClaims ? undefined : await look(ref);
    if (live === undefined) return;
    const claimed = ledger.claims.get(live.metadata.uid ?? '') ?? [];
    const pool = poolObject(ref.name);
    const [wanted, found] = [pool.read(object), pool.read(live)];
    for (const field of FIELDS) {
      const others = fieldManagersOf(live, field).filter((manager) => manager !== fieldManagerOf(fleet));
      const isTaken = wanted[field] !== undefined && wanted[field] !== found[field] && others.length > 0;
      if (isTaken && !claimed.includes(field)) this.#blame(`took ${ref.name}.${field} from ${others} by force`);
    }
  }

  afterApply(object: KubeObject, result: ApiResult<{ readonly object: KubeObject; readonly created: boolean }>): void {
    if (!result.ok) {
      this.#refused.add(formatRef(refOf(object)));
      return;
    }
    this.#refused.delete(formatRef(refOf(object)));
    const { uid, resourceVersion } = result.value.object.metadata;
    const key = formatRef(refOf(object));
    if (this.#versions.get(key) !== resourceVersion) this.taken.push(`apply ${key}`);
    else if (object.kind === 'Secret') this.#compared.add(key);
    this.#versions.set(key, resourceVersion);
    if (uid === undefined || this.#isOwnPlace(refOf(object))) return;
    const { ledger } = this.#context;
    if (ledger.foreign.get(uid)?.tool === 'helm' && !this.#mayAdopt(object)) {
      this.#blame(`took ${formatRef(refOf(object))} over from Helm without being told to`);
    }
    ledger.foreign.delete(uid);
    ledger.applied.add(uid);
    ledger.claims.set(uid, claimedFieldsOf(object));
    this.#broughtIn.add(contentOf(object.metadata.name, poolObject(object.metadata.name).read(object)));
  }

  afterPatch(ref: ObjectRef, result: ApiResult<KubeObject>, application: string): void {
    this.sent.push(formatRef(ref));
    if (result.ok) this.taken.push(`patch ${formatRef(ref)}`);
    if (!result.ok || this.#isOwnPlace(ref)) return;
    const { managedFields = [] } = result.value.metadata;
    if (managedFields.every(({ manager }) => manager !== fieldManagerOf(this.#context.fleet))) {
      this.#seeLetGo(result.value, application);
      return;
    }
    const isWanted = this.#believed.some((git) => git.objects.has(ref.name));
    if (isWanted) this.#seeClaim(result.value);
    if (!isWanted) this.#blame(`patched ${formatRef(ref)}, which nobody wants`);
  }

  /** Nobody owns the fields of what we let go, and from then on it is anybody's but ours. */
  #seeLetGo({ metadata }: KubeObject, application: string): void {
    const { ledger } = this.#context;
    const { name, uid = '', resourceVersion = '' } = metadata;
    const isDeclared = this.#believed.every((git) => git.applications.has(nameToday(git, application)));
    const isAsked = ledger.lastSettings(application).some(({ deletion }) => deletion === 'orphan');
    if (isDeclared || !isAsked || ledger.isSuspended(application)) this.#blame(`let ${name} of ${application} go`);
    if (this.#believed.every((git) => git.objects.has(name))) this.#blame(`let ${name} go, which Git declares`);
    // Whoever applies other values to it, we too, is told of "before-first-apply", which stands for nobody.
    ledger.touched.add(name);
    ledger.foreign.set(uid, { name, resourceVersion });
    ledger.applied.delete(uid);
    ledger.claims.delete(uid);
    ledger.wiped.add(uid);
  }

  /** What Git declares and others made anew with our marks is claimed as it was, before it is applied. */
  #seeClaim({ metadata }: KubeObject): void {
    const { ledger, fleet } = this.#context;
    const { uid = '', labels } = metadata;
    if (!ledger.foreign.has(uid) || labels?.[FLEET_LABEL] !== fleet) return;
    ledger.foreign.delete(uid);
    ledger.applied.add(uid);
    ledger.remembersClaims = false;
  }

  async beforeDelete(ref: ObjectRef, { uid, resourceVersion }: Preconditions): Promise<void> {
    this.sent.push(formatRef(ref));
    if (this.#isOwnPlace(ref)) return;
    const live = await this.#context.look(ref);
    if (this.#isReplaced(ref)) {
      const isOurs = live === undefined || live.metadata.uid !== uid || this.#context.ledger.applied.has(uid);
      if (!isOurs) this.#blame(`deleted ${ref.name} to make it anew, which we never applied`);
      return;
    }
    const [refused] = this.#refused;
    if (refused !== undefined) this.#blame(`deleted ${formatRef(ref)}, though ${refused} is not applied`);
    const isMet = resourceVersion === undefined || live?.metadata.resourceVersion === resourceVersion;
    const reason = isMet && live?.metadata.uid === uid ? this.#whyNotDelete(live) : undefined;
    if (reason !== undefined) this.#blame(`deleted ${formatRef(ref)}, ${reason}`);
  }

  afterDelete(ref: ObjectRef, result: ApiResult<undefined>): void {
    if (result.ok) this.taken.push(`delete ${formatRef(ref)}`);
  }

  #isReplaced({ name }: ObjectRef): boolean {
    const policies = this.#believed.map((git) => git.objects.get(name)?.policy);
    return name === FIXED && policies.includes('replace');
  }

  #whyNotDelete(live: KubeObject): string | undefined {
    const { ledger, fleet } = this.#context;
    const { name, uid = '', annotations } = live.metadata;
    const application = ledger.applicationOf(live);
    if (this.#believed.every((git) => git.objects.has(name))) return 'which Git declares';
    if (this.#believed.every((git) => git.heldBack.size > 0)) return 'while not everything is rendered';
    if (!ledger.applied.has(uid)) return 'which we never applied';
    if (!isProvablyOurs(live, fleet)) return 'which is not provably ours';
    if (annotations?.['plumbline.dev/prune'] === 'false') return 'which is protected by its annotation';
    if (annotations?.['plumbline.dev/apply'] === 'ignore') return 'which asks to be left alone';
    const asksFirst = annotations?.['plumbline.dev/prune'] === 'confirm';
    if (asksFirst && !ledger.confirmed.has(uid)) return 'which asks to be confirmed, and nobody did';
    if (application === undefined) return 'which belongs to no application of the fleet';
    if (ledger.isSuspended(application)) return `whose application ${application} a person suspended`;
    return this.#whyNotOf(application);
  }

  #whyNotOf(application: string): string | undefined {
    const { ledger } = this.#context;
    const declared = this.#believed.map((git) => git.applications.get(nameToday(git, application)));
    const known = ledger.lastSettings(application);
    if (declared.every((one) => one === undefined) && known.every(({ deletion }) => deletion === 'orphan'))
      return `whose application ${application} lets go what it leaves`;
    if (declared.every((one) => one?.suspend)) return `whose application ${application} is suspended`;
    if (declared.every((one) => one?.prune === false)) return `whose application ${application} prunes nothing`;
    return declared.some((one) => one?.prune) || known.some(({ prune }) => prune)
      ? undefined
      : `whose application ${application} never allowed it`;
  }

  #mayAdopt(object: KubeObject): boolean {
    const plans = this.#believed.flatMap((git) => [...git.applications.keys()].map((name) => planOf(git, name)));
    return plans.some((plan) => plan?.settings.adopt && plan.objects.has(object.metadata.name));
  }

  /** The anchor, the parents and the namespaces that are made: no application declares them. */
  #isOwnPlace({ kind, namespace }: ObjectRef): boolean {
    return kind === 'Namespace' || (kind === 'ConfigMap' && namespace === SYSTEM_NAMESPACE);
  }

  #blame(what: string): void {
    this.violations.push(what);
  }
}

function contentOf(name: string, { x, y }: Values): string {
  return JSON.stringify([name, x, y]);
}

/** Under which the API server deletes at all. */
type Preconditions = Pick<Parameters<ObjectRequests['delete']>[2], 'uid' | 'resourceVersion'>;

/** Rules are one list: whoever declares any of them has claimed all. */
function claimedFieldsOf(object: KubeObject): readonly Field[] {
  const values = poolObject(object.metadata.name).read(object);
  return FIELDS.filter((field) => object.kind === 'Role' || values[field] !== undefined);
}

/** Our Apply entry owns the `part-of` label, and no controller looks after the object: design.md section 6, read anew. */
export function isProvablyOurs({ metadata }: KubeObject, fleet: string): boolean {
  const manager = fieldManagerOf(fleet);
  const entry = metadata.managedFields?.find((one) => one.manager === manager && one.operation === 'Apply');
  const owned = ['f:metadata', 'f:labels', `f:${PART_OF_LABEL}`].reduce<unknown>(
    (node, key) => (isJsonObject(node) ? node[key] : undefined),
    entry?.fieldsV1,
  );
  return owned !== undefined && metadata.labels?.[FLEET_LABEL] === fleet;
}
