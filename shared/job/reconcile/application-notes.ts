/** What people should know of an application and need not mend at once. The same from run to run while nothing changes. */
import { type Heat, isFight } from '../../model/heat.ts';
import { formatRef, type RefKey } from '../../model/object-ref.ts';
import type { ClusterRecord } from '../../model/record.ts';
import { waysToLeave } from '../../model/settle-conflict.ts';
import { shortText } from '../../model/short-problems.ts';
import type { Applied } from './apply-object.ts';
import type { LoadedApplication } from './load-desired.ts';

const MOST_NOTES = 10;

/** Returns the first notes of each application that has any: fights, then what the API server warns of. */
export function notesByApplication(
  results: readonly Applied[],
  record: ClusterRecord,
  nowMs: number,
): ReadonlyMap<string, readonly string[]> {
  const fights = new Map<string, string[]>();
  const warned = new Map<string, Map<string, RefKey[]>>();
  for (const { change, outcome } of results) {
    const { application, ref } = change;
    const heat = change.op === 'prune' ? undefined : record.objects.get(formatRef(ref))?.heat;
    if (heat && isFight(heat, nowMs)) add(fights, application, describeFight(change, heat));
    const warnings = 'warnings' in outcome ? (outcome.warnings ?? []) : [];
    if (warnings.length === 0) continue;
    const byText = warned.get(application) ?? new Map<string, RefKey[]>();
    for (const text of warnings) add(byText, text, formatRef(ref));
    warned.set(application, byText);
  }
  const names = new Set([...fights.keys(), ...warned.keys()]);
  return new Map(
    [...names].map((name) => {
      const texts = [...(fights.get(name) ?? []), ...[...(warned.get(name) ?? [])].map(describeWarning)];
      return [name, texts.slice(0, MOST_NOTES).map((text) => shortText(text))];
    }),
  );
}

/** Returns what the renderers of each application warned of, and what several of its sources declare. */
export function renderNotes(
  applications: readonly Pick<LoadedApplication, 'application' | 'warnings'>[],
): ReadonlyMap<string, readonly string[]> {
  const warned = applications.filter(({ warnings }) => warnings.length > 0);
  return new Map(warned.map(({ application, warnings }) => [application.name, warnings]));
}

/** Returns the notes with those of the renderers in front. */
export function withRenderNotes(
  notes: ReadonlyMap<string, readonly string[]>,
  rendered: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const both = [...rendered].map(([name, warnings]) => {
    const texts = [...warnings.slice(0, MOST_NOTES).map((text) => shortText(text)), ...(notes.get(name) ?? [])];
    return [name, texts.slice(0, MOST_NOTES)] as const;
  });
  return new Map([...notes, ...both]);
}

function add<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function describeFight({ ref }: Applied['change'], { fields }: Heat): string {
  const managers = [...new Set(fields.flatMap(({ manager }) => manager ?? []))];
  const who = managers.length === 0 ? 'somebody' : managers.join(', ');
  const what = fields.length === 0 ? 'deletes it' : `changes ${fields.map(({ path }) => path).join(', ')}`;
  const ways =
    fields.length === 0
      ? ''
      : `, so healing gets rarer; ${waysToLeave(ref, { fields: fields.map(({ pointer }) => pointer), managers })}`;
  return `${formatRef(ref)}: ${who} ${what} again and again${ways}`;
}

function describeWarning([text, [first = '', ...others]]: readonly [string, readonly RefKey[]]): string {
  return `${first}${others.length === 0 ? '' : ` and ${others.length} more`}: ${text}`;
}
