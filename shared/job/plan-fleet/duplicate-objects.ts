/**
 * Two applications that declare one object in one cluster would undo each other's work for ever: neither's new state is
 * taken. Whether a kind of a custom resource has namespaces is known to the cluster alone; what slips through here is
 * refused there (plan/guards/duplicate-object.ts).
 */
import { declaredKey } from '../../model/declared-key.ts';
import type { RenderedObject } from '../../model/desired-state.ts';
import type { RefKey } from '../../model/object-ref.ts';
import type { Problem } from '../../model/problem.ts';

export interface DeclaredObjects {
  readonly application: string;
  /** Of objects that name none. */
  readonly namespace: string | undefined;
  readonly objects: readonly RenderedObject[];
}

/** Returns the problems of each application that declares an object of another one; both are named. */
export function findDuplicates(declared: readonly DeclaredObjects[]): ReadonlyMap<string, readonly Problem[]> {
  const firstByKey = new Map<RefKey, Place>();
  const problems = new Map<string, readonly Problem[]>();
  for (const here of declared.flatMap(placesOf)) {
    const first = firstByKey.get(here.key);
    if (first === undefined) firstByKey.set(here.key, here);
    else if (first.application !== here.application) {
      const found = [problemOf(first, here)];
      for (const { application } of [first, here]) {
        problems.set(application, [...(problems.get(application) ?? []), ...found]);
      }
    }
  }
  return problems;
}

interface Place {
  readonly key: RefKey;
  readonly application: string;
  readonly place: string;
}

function placesOf({ application, namespace, objects }: DeclaredObjects): readonly Place[] {
  return objects.map(({ object, source: { path, line } }) => {
    return { key: declaredKey(object, namespace), application, place: line === undefined ? path : `${path}:${line}` };
  });
}

function problemOf(first: Place, second: Place): Problem {
  return {
    code: 'DuplicateObject',
    subject: first.key,
    act: 'plan',
    wrong: `it is declared twice: by application ${first.application} (${first.place}) and by ${second.application} (${second.place})`,
    remedy: 'keep it in one of them',
  };
}
