/**
 * Which of an object's events tells why it does not get on. A kubelet that cannot pull an image says so four times in turn,
 * and only one of them has the registry's answer: of the warnings of the last minutes the one that says most is taken.
 */
import type { KubeObject } from '../model/kube-object.ts';
import { numberAt, textAt } from './read-field.ts';
import { oneLine } from './verdict.ts';

/** Older warnings are about a trouble that is over. */
const RECENT_MS = 600_000;

/** Returns `FailedMount: secret "tls" not found`; '' when there is no event. Without a warning the newest event tells. */
export function tellingEvent(events: readonly KubeObject[]): string {
  const dated = events.map((event) => ({ event, atMs: lastSeenMs(event) })).toSorted((a, b) => b.atMs - a.atMs);
  const warnings = dated.filter(({ event }) => event.type === 'Warning');
  const newest = warnings[0] ?? dated[0];
  if (newest === undefined) return '';
  const recent = warnings.filter(({ atMs }) => newest.atMs - atMs <= RECENT_MS);
  const telling = recent.reduce((best, next) => (lengthOf(next.event) > lengthOf(best.event) ? next : best), newest);
  return describe(telling.event);
}

/** Old events count and have timestamps, new ones a series (kubernetes.io, API reference, Event). */
function lastSeenMs(event: KubeObject): number {
  const times = [
    textAt(event, 'series', 'lastObservedTime'),
    textAt(event, 'lastTimestamp'),
    textAt(event, 'eventTime'),
    event.metadata.creationTimestamp ?? '',
  ];
  return Math.max(0, ...times.map((time) => Date.parse(time)).filter((timeMs) => !Number.isNaN(timeMs)));
}

function lengthOf(event: KubeObject): number {
  return textAt(event, 'message').length;
}

function describe(event: KubeObject): string {
  const said = [textAt(event, 'reason'), textAt(event, 'message')].filter((part) => part !== '').join(': ');
  const count = numberAt(event, ['series', 'count'], numberAt(event, ['count'], 1));
  return oneLine(count > 1 ? `${said} (${count} times)` : said);
}
