import type { RenderedObject } from '../../model/desired-state.ts';
import { type Finding, RULES } from '../../model/finding.ts';
import type { ApiFault } from '../../validate/check-api.ts';
import { formatPath } from '../../validate/fault.ts';
import type { PlaceFault } from './place-faults.ts';

/** Returns the finding, with its place, of no cluster and application yet. */
export async function findingOfFault(
  rendered: RenderedObject,
  fault: ApiFault,
  { place, subject }: { readonly place: PlaceFault; readonly subject: string },
): Promise<Finding> {
  const { rule, path, wrong, remedy, level = RULES[rule].level } = fault;
  return {
    ...{ rule, level, subject, wrong, remedy },
    ...(path.length > 0 && { field: formatPath(path) }),
    place: await place(rendered, fault),
    clusters: [],
    applications: [],
  };
}
