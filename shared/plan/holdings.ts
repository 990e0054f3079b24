/**
 * What each application holds in the cluster: the objects that are provably its own, by the parents that count for it.
 * An application that was renamed holds what its former names' parents do.
 */
import { PART_OF_LABEL } from '../config/names.ts';
import type { DesiredApplication } from '../model/desired-state.ts';
import { type KubeObject, refOf } from '../model/kube-object.ts';
import type { ObjectRef, RefKey } from '../model/object-ref.ts';
import type { Parent, ParentSettings } from './apply-set.ts';
import { readRemovalHooks } from './hooks/hook-sync.ts';
import { phaseOfKey, readRunMark } from './hooks/prepared-hook.ts';
import type { PlanInput, PreparedApplication } from './plan-input.ts';
import { provablyOurs } from './prune.ts';
import type { Successors } from './successors.ts';

/** Which parent an object is provably of. */
export interface Holder {
  /** Id of the parent. */
  readonly parent: string;
  readonly ref: ObjectRef;
}

export interface Holding {
  /** The name of today, or of the time when it was declared. */
  readonly application: string;
  /** Undefined: it is declared no longer, or has no good state yet. */
  readonly planned: PreparedApplication | undefined;
  /** Its own, and those of its former names. */
  readonly parents: readonly Parent[];
  /** What is declared, or, where the declaration is gone, what was declared when it was last applied. */
  readonly settings: ParentSettings;
  /** Objects that are provably its own, by key. */
  readonly present: ReadonlyMap<RefKey, KubeObject>;
  readonly holders: ReadonlyMap<RefKey, Holder>;
}

/** Returns one holding for every application that has a parent in the cluster, in the order of the parents. */
export function holdingsOf(input: PlanInput, successors: Successors): readonly Holding[] {
  const plannedByName = new Map(input.applications.map((planned) => [planned.application.name, planned]));
  const heldById = groupLive(input);
  const parentsByName = Map.groupBy(input.parents, ({ application }) => successors.get(application) ?? application);
  return [...parentsByName].flatMap(([application, parents]): readonly Holding[] => {
    const planned = plannedByName.get(application);
    const [parent] = parents;
    if (parent === undefined) return [];
    const settings = planned ? parentSettingsOf(planned.application) : parent.settings;
    const held = parents.flatMap(({ id }) => (heldById.get(id) ?? []).map((one) => ({ id, ...one })));
    const kept = held.filter(({ live }) => !isOfHooks(live, planned === undefined, parents));
    return [
      {
        ...{ application, planned, parents, settings },
        present: new Map(kept.map(({ key, live }) => [key, live])),
        holders: new Map(held.map(({ key, id, live }) => [key, { parent: id, ref: refOf(live) }])),
      },
    ];
  });
}

/** What hooks made is theirs to delete; of a removed application only what the hooks of its removal made. */
function isOfHooks(live: KubeObject, isRemoved: boolean, parents: readonly Parent[]): boolean {
  const mark = readRunMark(live);
  if (mark === undefined || !isRemoved) return mark !== undefined;
  const hasRemoval = parents.some((parent) => readRemovalHooks(parent) !== undefined);
  return hasRemoval && (phaseOfKey(mark.key)?.endsWith('-delete') ?? false);
}

/** Returns what a parent remembers of an application. */
export function parentSettingsOf({ sync, dependsOn, deletion, serviceAccount }: DesiredApplication): ParentSettings {
  const { prune, allowDeletionOf, prunePropagation } = sync;
  return {
    ...{ prune, allowDeletionOf, dependsOn },
    ...(prunePropagation !== undefined && { prunePropagation }),
    ...(deletion !== undefined && { deletion }),
    ...(serviceAccount !== undefined && { serviceAccount }),
  };
}

interface Held {
  readonly key: RefKey;
  readonly live: KubeObject;
}

/** By the ids of the parents. */
function groupLive(input: PlanInput): ReadonlyMap<string, readonly Held[]> {
  const parentById = new Map(input.parents.map((parent) => [parent.id, parent]));
  const groups = new Map<string, Held[]>();
  for (const [key, live] of input.live) {
    const partOf = live.metadata.labels?.[PART_OF_LABEL];
    const parent = partOf === undefined ? undefined : parentById.get(partOf);
    if (!parent || provablyOurs(live, { ...input, parent }) !== true) continue;
    const group = groups.get(parent.id);
    if (group) group.push({ key, live });
    else groups.set(parent.id, [{ key, live }]);
  }
  return groups;
}
