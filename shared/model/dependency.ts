import { walkDependencies } from './walk-dependencies.ts';

/** An application in a cluster. */
export interface Place {
  readonly cluster: string;
  readonly application: string;
}

/** Returns what an entry of `dependsOn` means in `cluster`: `db` is meant there, `prod-eu/db` in cluster prod-eu. */
export function placeOf(dependency: string, cluster: string): Place {
  const [first = '', second] = dependency.split('/');
  return second === undefined ? { cluster, application: first } : { cluster: first, application: second };
}

/** Returns `prod-eu/db`. */
export function formatPlace({ cluster, application }: Place): string {
  return `${cluster}/${application}`;
}

/** Returns `dependsOn` as it is in `cluster`, without its name; an application that names itself so begins a chain. */
export function withinCluster(dependsOn: readonly string[], at: Place): readonly string[] {
  return dependsOn.flatMap((dependency) => {
    if (!dependency.includes('/')) return [dependency];
    const place = placeOf(dependency, at.cluster);
    if (place.cluster !== at.cluster) return [dependency];
    return place.application === at.application ? [] : [place.application];
  });
}

/** Returns the cycles that go through several clusters, each in order and closed: `['eu/a', 'us/b', 'eu/a']`. */
export function cyclesAcross(needs: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const clusters = (cycle: readonly string[]) => new Set(cycle.map((place) => placeOf(place, '').cluster));
  return walkDependencies(needs).cycles.filter((cycle) => clusters(cycle).size > 1);
}
