import { FLEET_LABEL, fieldManagerOf } from '../../../shared/config/names.ts';
import type { Drift } from '../../../shared/model/drift.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import type { ForeignClient } from './foreign-client.ts';
import type { ApplicationSettings } from './lab.ts';

/** What others do to an object of ours, and what design.md section 5 wants to be seen of it. */
export interface OwnershipCase {
  readonly name: string;
  readonly settings?: ApplicationSettings;
  /** The first one is the subject; the others are what it needs. Named objects without a namespace get the case's own. */
  readonly objects: readonly KubeObject[];
  /** Before anything of ours is there: what the cluster as a whole needs. */
  readonly prepare?: (others: ForeignClient, namespace: string) => Promise<void>;
  /** Takes away what lies outside the case's namespace, and what would hold that. */
  readonly clean?: (others: ForeignClient, namespace: string) => Promise<void>;
  /** Once, after everything was brought in and before the stamp is checked for the first time. */
  readonly settle?: (others: ForeignClient, subject: KubeObject) => Promise<void>;
  readonly act: (others: ForeignClient, subject: KubeObject) => Promise<void>;
  readonly verdict: Verdict;
}

/**
 * `still`: nothing is sent. `again`: applied once more without a word, and still from then on. `drift`: reported, and
 * unless `heals` is false put right and still from then on.
 */
export type Verdict =
  | { readonly is: 'still' }
  | { readonly is: 'again' }
  | {
      readonly is: 'drift';
      readonly kind?: Drift['kind'];
      /** As people read it; one of the fields reported. */
      readonly path?: string;
      /** `nobody`: the field was removed. */
      readonly manager?: string;
      readonly heals?: false;
    };

export const STILL: Verdict = { is: 'still' };
export const AGAIN: Verdict = { is: 'again' };

export function drift(path: string, manager: string): Verdict {
  return { is: 'drift', path, manager };
}

/** Applies as our own manager would, from another process: a writer that does not know of this one. */
export function applyAsOurselves(others: ForeignClient, subject: KubeObject): Promise<void> {
  const manager = fieldManagerOf(subject.metadata.labels?.[FLEET_LABEL] ?? '');
  return others.patch(subject, 'apply', subject, { manager, force: true });
}
