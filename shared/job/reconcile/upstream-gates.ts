/** What an application waits for: those that it depends on. */
import type { DesiredApplication } from '../../model/desired-state.ts';
import { formatRef, type RefKey } from '../../model/object-ref.ts';
import type { Applied } from './apply-object.ts';
import { OUT_OF_TIME } from './out-of-time.ts';

/** Closes the gate of an application while one that it depends on is not there yet. */
export function closeForUpstream(
  name: string,
  applications: ReadonlyMap<string, DesiredApplication>,
  { results, gates }: { readonly results: ReadonlyMap<RefKey, Applied>; readonly gates: Map<string, string> },
): void {
  for (const upstream of applications.get(name)?.dependsOn ?? []) {
    const own = [...results.values()].filter(({ change }) => change.application === upstream);
    const reason = gates.get(upstream) ?? own.map(troubleOf).find(Boolean);
    if (reason !== undefined && !gates.has(name)) gates.set(name, `application ${upstream} (${reason})`);
  }
}

/** Returns what keeps others waiting: a failure, or an object that is not healthy. */
export function troubleOf({ change, outcome }: Applied): string | undefined {
  if (outcome.result === 'failed') return `${formatRef(change.ref)} failed`;
  if (outcome.result === 'skipped' && outcome.reason === OUT_OF_TIME) return OUT_OF_TIME;
  const { health } = outcome;
  return health && health.health !== 'healthy' ? `${formatRef(change.ref)}: ${health.reason}` : undefined;
}
