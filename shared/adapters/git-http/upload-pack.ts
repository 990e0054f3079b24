/**
 * The two things that a Git server is asked for: refs, and objects. Speaks protocol version 2 where it is offered, else
 * version 0, which is all that CodeCommit has. Every request stands for itself (stateless RPC).
 * Source: gitprotocol-http(5), gitprotocol-v2(5), gitprotocol-pack(5).
 */
import type { GitConnection } from './git-connection.ts';
import { DELIMITER, FLUSH, PacketReader, packet } from './packets.ts';
import { readPackAnswer } from './read-pack-answer.ts';
import {
  type Advertisement,
  type RemoteRef,
  readAdvertisement,
  readRefList,
  type ServerFeatures,
} from './server-features.ts';
import type { StoredObject } from './stored-object.ts';

export interface ObjectRequest {
  readonly wants: readonly string[];
  /** Commits that are here, whole but for what the filter leaves away. */
  readonly haves?: readonly string[];
  /** Objects at hand, those of `haves` among them. */
  readonly known?: ReadonlyMap<string, StoredObject>;
  /** How many commits deep; undefined: only what is wanted itself (blobs by their id). */
  readonly depth?: number;
  /** Only where `filters` are offered. */
  readonly filter?: 'blob:none' | 'tree:0';
}

const SERVICE = 'git-upload-pack';
const ASK_FOR_VERSION_2 = { 'git-protocol': 'version=2' };
/** Without `thin-pack` a server sends all files of a shallow commit, those too that the commits which we have share with it. */
const SPOKEN = ['multi_ack_detailed', 'side-band-64k', 'thin-pack', 'no-progress', 'ofs-delta'];

export class UploadPack {
  readonly connection: GitConnection;
  #features: ServerFeatures | undefined;

  constructor(connection: GitConnection) {
    this.connection = connection;
  }

  async filters(): Promise<boolean> {
    const features = await this.#readFeatures();
    return features.version === 2 && features.filters;
  }

  /** Returns the refs that begin with one of `prefixes`, maybe others too. One request, but for the first with version 2. */
  async listRefs(prefixes: readonly string[]): Promise<readonly RemoteRef[]> {
    if (this.#features?.version !== 2) {
      const { refs } = await this.#advertise();
      if (refs !== undefined) return refs;
    }
    const body = [
      ...(await this.#command('ls-refs')),
      packet('peel\n'),
      ...prefixes.map((prefix) => packet(`ref-prefix ${prefix}\n`)),
      FLUSH,
    ];
    return this.#post('read refs', body.join(''), (chunks) => readRefList(new PacketReader(chunks)));
  }

  /** @throws {GitAnswerError} `not-our-ref` alone; {PlumblineError} else. */
  async fetch(request: ObjectRequest): Promise<ReadonlyMap<string, StoredObject>> {
    const features = await this.#readFeatures();
    const body = features.version === 2 ? await this.#fetch2(request) : fetch0(request, features.capabilities);
    return this.#post('fetch objects', body, (chunks) =>
      readPackAnswer(new PacketReader(chunks), {
        version: features.version,
        limits: this.connection.limits,
        known: request.known ?? new Map(),
      }),
    );
  }

  async #fetch2({ wants, haves = [], depth, filter }: ObjectRequest): Promise<string> {
    return [
      ...(await this.#command('fetch')),
      packet('no-progress\n'),
      packet('ofs-delta\n'),
      packet('thin-pack\n'),
      ...wants.map((oid) => packet(`want ${oid}\n`)),
      ...haves.map((oid) => packet(`shallow ${oid}\n`)),
      ...(depth === undefined ? [] : [packet(`deepen ${depth}\n`)]),
      ...(filter === undefined ? [] : [packet(`filter ${filter}\n`)]),
      ...haves.map((oid) => packet(`have ${oid}\n`)),
      packet('done\n'),
      FLUSH,
    ].join('');
  }

  async #command(name: 'ls-refs' | 'fetch'): Promise<readonly string[]> {
    const features = await this.#readFeatures();
    const format = features.version === 2 && features.namesObjectFormat ? [packet('object-format=sha1\n')] : [];
    return [packet(`command=${name}\n`), ...format, DELIMITER];
  }

  async #readFeatures(): Promise<ServerFeatures> {
    return this.#features ?? (await this.#advertise()).features;
  }

  async #advertise(): Promise<Advertisement> {
    const advertisement = await this.connection.ask({
      act: 'read refs',
      path: `/info/refs?service=${SERVICE}`,
      headers: ASK_FOR_VERSION_2,
      contentType: `application/x-${SERVICE}-advertisement`,
      read: (chunks) => readAdvertisement(new PacketReader(chunks)),
    });
    this.#features = advertisement.features;
    return advertisement;
  }

  async #post<T>(act: string, body: string, read: (chunks: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
    const headers = {
      ...(this.#features?.version === 2 && ASK_FOR_VERSION_2),
      'content-type': `application/x-${SERVICE}-request`,
      accept: `application/x-${SERVICE}-result`,
    };
    try {
      const contentType = `application/x-${SERVICE}-result`;
      return await this.connection.ask({ act, path: `/${SERVICE}`, headers, body, contentType, read });
    } catch (error) {
      // The server may have been replaced by one that speaks otherwise: it is asked again next time.
      this.#features = undefined;
      throw error;
    }
  }
}

/** `shallow` says that of a commit which we have we have no parents, so nothing is left out that only they hold. */
function fetch0({ wants, haves = [], depth }: ObjectRequest, offered: ReadonlySet<string>): string {
  const spoken = SPOKEN.filter((capability) => offered.has(capability)).join(' ');
  const isShallow = depth !== undefined && offered.has('shallow');
  return [
    ...wants.map((oid, index) => packet(index === 0 ? `want ${oid} ${spoken}\n` : `want ${oid}\n`)),
    ...(isShallow ? haves.map((oid) => packet(`shallow ${oid}\n`)) : []),
    ...(isShallow ? [packet(`deepen ${depth}\n`)] : []),
    FLUSH,
    ...(isShallow ? haves.map((oid) => packet(`have ${oid}\n`)) : []),
    packet('done\n'),
  ].join('');
}
