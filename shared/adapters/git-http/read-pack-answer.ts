/** Finds the pack in the answer to a fetch. Source: gitprotocol-v2(5), "fetch"; gitprotocol-pack(5), "Packfile Data". */
import { GitAnswerError, refusal } from './git-answer-error.ts';
import type { GitLimits } from './git-limits.ts';
import { PackReader } from './pack-reader.ts';
import type { Packet, PacketReader } from './packets.ts';
import type { StoredObject } from './stored-object.ts';

const PACK_CHANNEL = 1;
const PROGRESS_CHANNEL = 2;
const ERROR_CHANNEL = 3;

export interface ExpectedPack {
  readonly version: 0 | 2;
  readonly limits: GitLimits;
  /** What deltas may build on beside the pack itself. */
  readonly known: ReadonlyMap<string, StoredObject>;
}

/** Returns the objects that came, by id. @throws {GitAnswerError} */
export async function readPackAnswer(
  packets: PacketReader,
  { version, limits, known }: ExpectedPack,
): Promise<ReadonlyMap<string, StoredObject>> {
  const pack = new PackReader(limits, known);
  let first = version === 2 ? await skipToPack(packets) : await skipAcknowledgments(packets);
  for (; first?.kind === 'line'; first = await packets.next()) takeFromChannel(first.payload, pack);
  return pack.end();
}

/** Version 2 parts its answer into sections with a name; we have no use for those before the pack. */
async function skipToPack(packets: PacketReader): Promise<Packet | undefined> {
  for (let next = await packets.next(); next !== undefined; next = await packets.next()) {
    const text = next.kind === 'line' ? next.payload.toString('utf8') : '';
    if (text.startsWith('ERR ')) throw refusal(text.slice(4));
    if (text === 'packfile\n' || text === 'packfile') return packets.next();
  }
  throw new GitAnswerError('broken', 'the answer breaks off');
}

/** Version 0 begins with lines that say what is shallow now and which of our commits it knows. */
async function skipAcknowledgments(packets: PacketReader): Promise<Packet | undefined> {
  for (let next = await packets.next(); next !== undefined; next = await packets.next()) {
    if (next.kind !== 'line') continue;
    const text = next.payload.toString('utf8', 0, 1000);
    if (text.startsWith('ERR ')) throw refusal(text.slice(4));
    if (!/^(?:shallow |unshallow |ACK |NAK)/.test(text)) return next;
  }
  throw new GitAnswerError('broken', 'the answer breaks off');
}

function takeFromChannel(payload: Buffer, pack: PackReader): void {
  const channel = payload[0];
  if (channel === PACK_CHANNEL) pack.push(payload.subarray(1));
  else if (channel === ERROR_CHANNEL) throw refusal(payload.toString('utf8', 1));
  else if (channel !== PROGRESS_CHANNEL) throw refusal(payload.toString('utf8').replace(/^ERR /, ''));
}
