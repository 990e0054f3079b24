/** What the model remembers of a cluster: who made which object, and what people and neighbours did to it. */
import { PART_OF_LABEL } from '../../../shared/config/names.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { applySetId, parentName } from '../../../shared/plan/apply-set.ts';
import type { Field } from './pool.ts';
import type { DeclaredApplication, Git } from './repository.ts';

export interface ForeignObject {
  readonly name: string;
  readonly resourceVersion: string;
  readonly tool?: 'helm' | undefined;
}

export class Ledger {
  /** Uids of what we applied at least once. */
  readonly applied = new Set<string>();
  /** What others made, by uid, as they left it. */
  readonly foreign = new Map<string, ForeignObject>();
  /** Labels that others put on objects, by uid: nobody else may touch them. */
  readonly additions = new Map<string, string>();
  /** Objects that others ever laid a hand on, by name. */
  readonly touched = new Set<string>();
  /** Objects that differ from Git by another's hand since we last set them right, by name. */
  readonly edited = new Set<string>();
  /** Uids of what somebody wiped the owners off: whose its fields were nobody can tell any more. */
  readonly wiped = new Set<string>();
  /** Uids of what a person has confirmed may be deleted. */
  readonly confirmed = new Set<string>();
  /** Applications that a person suspended. */
  readonly suspended = new Set<string>();
  /** The fields that our last apply declared, by uid. */
  readonly claims = new Map<string, readonly Field[]>();
  /** No run was cut off and nothing was lost since the last rest: the engine knows what it had claimed. */
  remembersClaims = true;
  readonly #fleet: string;
  readonly #names = new Map<string, string>();
  readonly #settings = new Map<string, readonly DeclaredApplication[]>();

  constructor(fleet: string) {
    this.#fleet = fleet;
  }

  /** Remembers the applications that Git ever had. */
  seeCommit(before: Git, after: Git): void {
    for (const [name, settings] of after.applications) {
      this.#names.set(applySetId(parentName(this.#fleet, name)), name);
      this.#settings.set(name, [...(this.#settings.get(name) ?? []), settings]);
    }
    for (const [name, object] of after.objects) {
      if (JSON.stringify(object) !== JSON.stringify(before.objects.get(name))) this.edited.delete(name);
    }
  }

  /** The application whose label an object carries. */
  applicationOf({ metadata }: KubeObject): string | undefined {
    return this.#names.get(metadata.labels?.[PART_OF_LABEL] ?? '');
  }

  /** All is brought in: what was declared before counts no more. */
  forgetOldSettings(application: string, settings: DeclaredApplication): void {
    this.#settings.set(application, [settings]);
  }

  isSuspended(application: string): boolean {
    return this.suspended.has(application);
  }

  /** Settings that the cluster may know an application by that is declared no longer. */
  lastSettings(application: string): readonly DeclaredApplication[] {
    return this.#settings.get(application) ?? [];
  }
}
