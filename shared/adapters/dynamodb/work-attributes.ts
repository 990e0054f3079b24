/** The items of fleets and clusters as attributes: the protocol's own are plain, so that conditions can see them. */
import type { WorkKey } from '../../job/ports.ts';
import { type Instruction, instructionSchema } from '../../model/instruction.ts';
import { parseJson, stringifyJson } from '../../model/json-text.ts';
import type { DesiredPointer, FleetItem } from '../../model/status.ts';
import { desiredPointerSchema, fleetStatusSchema } from '../../model/stored-status.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { type Item, numberAt, packedAt, textAt, textsAt, type Value } from './attributes.ts';
import { dueShardOf } from './item-keys.ts';
import { shortCommit } from './short-texts.ts';

/** An item that was never woken has none of them. */
export function workOf(item: Item | undefined): WorkItem {
  const owner = textAt(item, 'owner');
  const nextTryMs = numberAt(item, 'nextTry');
  return {
    wanted: numberAt(item, 'wanted') ?? 0,
    done: numberAt(item, 'done') ?? 0,
    fence: numberAt(item, 'fence') ?? 0,
    untilMs: numberAt(item, 'until') ?? 0,
    ...(owner !== undefined && { owner }),
    ...(nextTryMs !== undefined && { nextTryMs }),
  };
}

export function fleetItemOf(item: Item): FleetItem {
  const status = packedAt(item, 'status');
  const known = { work: workOf(item), ticket: numberAt(item, 'ticket') ?? 0 };
  return status === undefined ? known : { ...known, status: fleetStatusSchema.parse(parseJson(status)) };
}

/** Wakes an item, and makes it if need be: the half of an update that every wake-up shares. */
export function wakeUp(key: WorkKey): {
  readonly set: string;
  readonly add: string;
  readonly values: Record<string, Value>;
} {
  return {
    set: '#nextTry = :atOnce, #due = :due',
    add: '#wanted :one',
    values: { one: 1, atOnce: 0, due: dueShardOf(key) },
  };
}

export function desiredOf(item: Item | undefined): DesiredPointer | undefined {
  const text = packedAt(item, 'commit');
  const network = textAt(item, 'network');
  const made = textAt(item, 'made');
  if (text === undefined) return undefined;
  return desiredPointerSchema.parse({
    blob: textAt(item, 'blob'),
    ticket: numberAt(item, 'ticket'),
    commit: parseJson(text),
    ...(network !== undefined && { network }),
    ...(made !== undefined && { made }),
  });
}

/** A set of texts, so that one is added and taken away without a look at the others. */
export function askedOf(item: Item | undefined): readonly Instruction[] {
  return textsAt(item, 'asked').map((text) => instructionSchema.parse(parseJson(text)));
}

/** Blob and ticket decide, so they stand by themselves; `network` is what the due index shows. */
export function setDesired({ blob, ticket, commit, network, made }: DesiredPointer): {
  readonly set: string;
  readonly remove: string;
  readonly values: Record<string, Value>;
} {
  const values = {
    ...{ blob, ticket, commit: stringifyJson(shortCommit(commit)) },
    ...(network !== undefined && { network }),
    ...(made !== undefined && { made }),
  };
  const absent = ['network', 'made'].filter((name) => !(name in values));
  return {
    set: Object.keys(values)
      .map((name) => `#${name} = :${name}`)
      .join(', '),
    remove: absent.length === 0 ? '' : ` REMOVE ${absent.map((name) => `#${name}`).join(', ')}`,
    values,
  };
}
