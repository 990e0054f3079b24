import { EVENT_LIMITS, type EventDetail, type FleetEvent } from '../../model/fleet-event.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { RunSummary, SeenDrift } from '../../model/status.ts';
import { count } from '../times.ts';
import { cutText } from './event-text.ts';

/**
 * Returns the drift of a run, one event an application and kind: what was healed, and what was left or could not be
 * healed, unless the run that was told of before had found the same. Values of fields are never told.
 */
export function driftEvents(
  fleet: string,
  { run, last }: { readonly run: RunSummary; readonly last?: RunSummary },
): readonly FleetEvent[] {
  const known = new Set((last?.drift ?? []).filter(({ act }) => act !== 'healed').map(keyOf));
  const news = run.drift.filter((drift) => drift.act === 'healed' || !known.has(keyOf(drift)));
  const byApplication = Map.groupBy(news, ({ application }) => application);
  return [...byApplication].flatMap(([application, drifts]): readonly FleetEvent[] => {
    const place = { fleet, cluster: run.cluster, application };
    const { healed = [], left = [] } = Object.groupBy(drifts, ({ act }) => (act === 'healed' ? 'healed' : 'left'));
    return [
      ...detailOf(place, run, left).map((detail) => ({ type: 'DriftDetected' as const, detail })),
      ...detailOf(place, run, healed).map((detail) => ({ type: 'DriftHealed' as const, detail })),
    ];
  });
}

type DriftPlace = Pick<EventDetail<'DriftDetected'>, 'fleet' | 'cluster' | 'application'>;

/** One detail, or none without drift. */
function detailOf(
  place: DriftPlace,
  run: RunSummary,
  drifts: readonly SeenDrift[],
): readonly EventDetail<'DriftDetected'>[] {
  const [first] = drifts;
  if (first === undefined) return [];
  const objects = drifts.slice(0, EVENT_LIMITS.objects).map(({ ref, kind, act, fields }) => ({
    ...{ object: formatRef(ref), kind, act },
    fields: fields
      .slice(0, EVENT_LIMITS.fields)
      .map(({ path, manager }) => (manager === undefined ? { path } : { path, manager })),
  }));
  const others = drifts.length > 1 ? `, and ${count(drifts.length - 1, 'other object')}` : '';
  const detail = {
    ...place,
    ...(run.revision === undefined ? {} : { commit: run.revision }),
    run: run.run,
    since: new Date(first.seenAtMs).toISOString(),
    ...{ objects, objectCount: drifts.length },
    text: cutText(`${place.cluster} / ${place.application}: ${formatRef(first.ref)} ${describe(first)}${others}`),
  };
  return [detail];
}

function describe({ act, kind }: SeenDrift): string {
  switch (act) {
    case 'healed':
      return `drifted (${kind}) and was put back`;
    case 'reported':
      return `drifted (${kind}) and is left as it is`;
    case 'failed':
      return `drifted (${kind}) and could not be put back`;
  }
}

function keyOf({ ref, kind, act, fields }: SeenDrift): string {
  return JSON.stringify([formatRef(ref), kind, act, fields.map(({ path, manager }) => [path, manager])]);
}
