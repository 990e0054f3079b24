import type { FleetDeclarations, TemplateSource } from '../../model/declarations.ts';
import { sourcesOf } from '../../model/source-spec.ts';
import type { WatchedRef } from '../../model/status.ts';
import type { PlannedCluster } from './plan-applications.ts';

const COMMIT_ID = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** Returns every branch or tag that an application or a template is read at, the fleet's own branch left out: it is watched anyway. */
export function watchedRefs(
  planned: readonly PlannedCluster[],
  { repositories, templateSources = [] }: Pick<FleetDeclarations, 'repositories' | 'templateSources'>,
): readonly WatchedRef[] {
  const byName = new Map(repositories.map(({ declaration }) => [declaration.metadata.name, declaration]));
  const refs = new Map<string, WatchedRef>();
  const applications = planned.flatMap((cluster) => cluster.applications);
  const read = applications.flatMap(({ declaration }) => (declaration ? sourcesOf(declaration.spec) : []));
  // The version of a chart is no ref: nothing tells when a new one is there, but for looking.
  const sources: readonly TemplateSource[] = read.filter(({ chart }) => chart === undefined);
  for (const source of [...sources, ...templateSources]) {
    const repository = source.repository === undefined ? undefined : byName.get(source.repository);
    // Elsewhere the default branch counts; here it is the commit of the declarations itself.
    const ref = source.revision ?? (repository === undefined ? undefined : 'HEAD');
    if (ref === undefined || COMMIT_ID.test(ref)) continue;
    refs.set(`${source.repository ?? ''}@${ref}`, repository === undefined ? { ref } : { repository, ref });
  }
  return [...refs.values()];
}
