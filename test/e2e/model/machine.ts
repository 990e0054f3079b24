/**
 * A process that reconciles and may come to grief at any of its calls to the outside: it is killed before or after a
 * call has its effect, loses the cluster, or stands still while others act. A killed process says nothing more: its
 * lease stays taken, and what it had not written is lost.
 */
import { PlumblineError } from '../../../shared/errors.ts';
import type { ClusterConnection, ObjectRequests } from '../../../shared/job/ports.ts';
import type { ReconcileDeps } from '../../../shared/job/reconcile/reconcile-deps.ts';
import type { Witness } from './witness.ts';

export interface Trouble {
  /** Which calls are counted: all to state, queue, blobs and cluster, or writes of one kind alone. */
  readonly of: 'call' | 'apply' | 'delete';
  /** The how many-th of them it happens at, from 0; beyond the last nothing happens. */
  readonly at: number;
  readonly how: 'dies-before' | 'dies-after' | 'loses-cluster' | 'stands-still';
}

/** Thrown by every call of a process that was killed. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

export interface MachineOptions {
  readonly witness: Witness;
  readonly trouble?: Trouble | undefined;
  /** What happens while the process stands still, about to write the object of that name. */
  readonly meanwhile?: (about: string | undefined) => Promise<void>;
}

/** Returns the same parts as a process with that fate has them. */
export function machineWith(deps: ReconcileDeps, options: MachineOptions): ReconcileDeps {
  const fate = new Fate(options);
  const ofOwn = <T extends object>(part: T) => fated(part, (act) => fate.call(act), {});
  return {
    ...deps,
    state: ofOwn(deps.state),
    queue: ofOwn(deps.queue),
    blobs: ofOwn(deps.blobs),
    clusters: {
      connect: async (declaration, how) =>
        watched(await deps.clusters.connect(declaration, how), fate, options.witness),
    },
  };
}

class Fate {
  readonly #options: MachineOptions;
  readonly #counts = { call: 0, apply: 0, delete: 0 };
  #isDead = false;
  #hasLostCluster = false;

  constructor(options: MachineOptions) {
    this.#options = options;
  }

  async call<T>(act: () => Promise<T>, isOfCluster = false, write?: Write): Promise<T> {
    const { meanwhile } = this.#options;
    const how = this.#troubleNow(write);
    if (how === 'dies-before') this.#isDead = true;
    if (how === 'loses-cluster') this.#hasLostCluster = true;
    if (how === 'stands-still') await meanwhile?.(write?.name);
    if (this.#isDead) throw new Killed();
    if (isOfCluster && this.#hasLostCluster) throw unreachable();
    const result = await act();
    if (how === 'dies-after') this.#isDead = true;
    if (this.#isDead) throw new Killed();
    return result;
  }

  #troubleNow(write: Write | undefined): Trouble['how'] | undefined {
    const { trouble } = this.#options;
    const isCounted = trouble?.of === 'call' || trouble?.of === write?.verb;
    return trouble && isCounted && this.#counts[trouble.of]++ === trouble.at ? trouble.how : undefined;
  }
}

interface Write {
  readonly verb: 'apply' | 'delete';
  readonly name: string;
}

type Reach = <T>(act: () => Promise<T>, write?: Write) => Promise<T>;

/** Every call of `part` may be the last; what computes only answers at once. `instead` stands before its own methods. */
function fated<T extends object>(part: T, reach: Reach, instead: Partial<T>): T {
  return new Proxy(part, {
    get(target, name) {
      const replaced: unknown = Reflect.get(instead, name);
      if (replaced !== undefined) return replaced;
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      const call = (...args: readonly unknown[]): unknown => Reflect.apply(member, target, args);
      const isLocal = name === 'digest' || name === 'close';
      return isLocal ? call : (...args: readonly unknown[]) => reach(async () => call(...args));
    },
  });
}

function watched(connection: ClusterConnection, fate: Fate, witness: Witness): ClusterConnection {
  const reach: Reach = (act, write) => fate.call(act, true, write);
  const ofApplication = (own: ObjectRequests, application: string) =>
    fated(own, reach, writesOf(own, application, { reach, witness }));
  return fated(connection, reach, {
    ...writesOf(connection, '', { reach, witness }),
    actingAs: (accounts) => watched(connection.actingAs(accounts), fate, witness),
    for: (application) => ofApplication(connection.for(application), application),
    ownFor: (application) => ofApplication(connection.ownFor(application), application),
  });
}

function writesOf(
  of: ObjectRequests,
  application: string,
  { reach, witness }: { readonly reach: Reach; readonly witness: Witness },
): Pick<ObjectRequests, 'apply' | 'patch' | 'delete'> {
  return {
    apply: (path, object, options) =>
      reach(
        async () => {
          if (options.dryRun) return of.apply(path, object, options);
          await witness.beforeApply(object, application);
          if (options.force) await witness.beforeForce(object, application);
          const result = await of.apply(path, object, options);
          witness.afterApply(object, result);
          return result;
        },
        { verb: 'apply', name: object.metadata.name },
      ),
    patch: (path, ref, operations, options) =>
      reach(async () => {
        const result = await of.patch(path, ref, operations, options);
        if (!options.dryRun) witness.afterPatch(ref, result, application);
        return result;
      }),
    delete: (path, ref, options) =>
      reach(
        async () => {
          if (options.dryRun) return of.delete(path, ref, options);
          await witness.beforeDelete(ref, options);
          const result = await of.delete(path, ref, options);
          witness.afterDelete(ref, result);
          return result;
        },
        { verb: 'delete', name: ref.name },
      ),
  };
}

function unreachable(): PlumblineError {
  const wrong = 'the connection was reset';
  return new PlumblineError([
    { code: 'ClusterUnreachable', subject: 'under-test', act: 'send a request', wrong, remedy: '' },
  ]);
}
