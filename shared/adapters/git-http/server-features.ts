/** What a server says of itself at the beginning. Source: gitprotocol-http(5), gitprotocol-v2(5), gitprotocol-capabilities(5). */
import { GitAnswerError, refusal } from './git-answer-error.ts';
import type { PacketReader } from './packets.ts';

export interface RemoteRef {
  readonly name: string;
  readonly oid: string;
  /** What an annotated tag leads to. */
  readonly peeled?: string;
}

export type ServerFeatures =
  | {
      readonly version: 2;
      /** Leaves objects away on demand: files are fetched when they are read. */
      readonly filters: boolean;
      readonly namesObjectFormat: boolean;
    }
  | { readonly version: 0; readonly capabilities: ReadonlySet<string> };

export interface Advertisement {
  readonly features: ServerFeatures;
  /** With version 0 the refs come along. */
  readonly refs?: readonly RemoteRef[];
}

const OBJECT_ID = /^[0-9a-f]{40}$/;
const NO_REFS = 'capabilities^{}';

/** @throws {GitAnswerError} */
export async function readAdvertisement(packets: PacketReader): Promise<Advertisement> {
  let first = await packets.nextText();
  if (first?.startsWith('# service=')) {
    await packets.next();
    first = await packets.nextText();
  }
  if (first?.startsWith('ERR ')) throw refusal(first.slice(4));
  if (first === 'version 2') return { features: await readVersion2(packets) };
  if (first === 'version 1') first = await packets.nextText();
  return readVersion0(packets, first);
}

async function readVersion2(packets: PacketReader): Promise<ServerFeatures> {
  const lines = await readLines(packets);
  const featureOf = (key: string) => lines.find((line) => line.split('=')[0] === key)?.slice(key.length + 1);
  refuseFormat(featureOf('object-format'));
  const fetchFeatures = (featureOf('fetch') ?? '').split(' ');
  if (!fetchFeatures.includes('shallow')) throw new GitAnswerError('refused', 'shallow fetches are not offered');
  const namesObjectFormat = featureOf('object-format') !== undefined;
  return { version: 2, filters: fetchFeatures.includes('filter'), namesObjectFormat };
}

async function readVersion0(packets: PacketReader, first: string | undefined): Promise<Advertisement> {
  if (first === undefined) return { features: { version: 0, capabilities: new Set() }, refs: [] };
  const [line = '', words = ''] = first.split('\0');
  const capabilities = new Set(words.trim().split(' '));
  const format = [...capabilities].find((word) => word.startsWith('object-format='));
  refuseFormat(format?.slice('object-format='.length));
  const refs = [line, ...(await readLines(packets))].map(parseRef).filter(({ name }) => name !== NO_REFS);
  return { features: { version: 0, capabilities }, refs: joinPeeled(refs) };
}

/** Returns the lines up to the next mark. */
async function readLines(packets: PacketReader): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let line = await packets.nextText(); line !== undefined; line = await packets.nextText()) lines.push(line);
  return lines;
}

function parseRef(line: string): RemoteRef {
  const oid = line.slice(0, 40);
  if (!OBJECT_ID.test(oid) || line[40] !== ' ') throw new GitAnswerError('broken', 'the list of refs cannot be read');
  return { oid, name: line.slice(41) };
}

/** Version 0 gives what a tag leads to as a line of its own: `refs/tags/v1^{}`. */
function joinPeeled(refs: readonly RemoteRef[]): readonly RemoteRef[] {
  const suffix = '^{}';
  const peeled = new Map(refs.filter(({ name }) => name.endsWith(suffix)).map(({ name, oid }) => [name, oid]));
  return refs
    .filter(({ name }) => !name.endsWith(suffix))
    .map((ref) => {
      const target = peeled.get(`${ref.name}${suffix}`);
      return target === undefined ? ref : { ...ref, peeled: target };
    });
}

/** Returns the refs that `ls-refs` of version 2 answers with. @throws {GitAnswerError} */
export async function readRefList(packets: PacketReader): Promise<readonly RemoteRef[]> {
  const refs: RemoteRef[] = [];
  for (const line of await readLines(packets)) {
    if (line.startsWith('ERR ')) throw refusal(line.slice(4));
    const [first = '', ...attributes] = splitAttributes(line);
    // A symref whose branch does not exist yet.
    if (first.startsWith('unborn ')) continue;
    const peeled = attributes.find((word) => word.startsWith('peeled:'))?.slice('peeled:'.length);
    refs.push({ ...parseRef(first), ...(peeled !== undefined && { peeled }) });
  }
  return refs;
}

/** `<oid> <name> <attribute> …`; names have no spaces. */
function splitAttributes(line: string): readonly string[] {
  const [oid = '', name = '', ...attributes] = line.split(' ');
  return [`${oid} ${name}`, ...attributes];
}

function refuseFormat(format: string | undefined): void {
  if (format === undefined || format === 'sha1') return;
  throw new GitAnswerError('refused', `object format "${format}", which is not read yet`);
}
