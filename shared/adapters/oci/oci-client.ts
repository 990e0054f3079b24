/** Reads one repository of a registry: its tags, manifests and blobs. Source: OCI distribution spec 1.1. */
import { createHash } from 'node:crypto';
import { HttpClient, type HttpCredentials, NO_CREDENTIALS } from '../http/http-client.ts';
import type { HttpAnswer } from '../http/http-exchange.ts';
import { faultOfStatus, type HttpAct, notFound } from '../http/http-fault.ts';
import { type HttpLimits, MIB } from '../http/http-limits.ts';
import { MANIFEST_TYPES, type Manifest, parseManifest } from './manifest.ts';
import type { OciAddress } from './oci-address.ts';
import { RegistryAuth } from './registry-auth.ts';

export interface OciPlace {
  readonly address: OciAddress;
  /** Default: none. */
  readonly credentials?: HttpCredentials | undefined;
  /** Certificates in PEM. */
  readonly ca?: string | undefined;
  readonly limits?: Partial<HttpLimits> | undefined;
}

/** A manifest and what it is known by. */
export interface FoundManifest {
  /** SHA-256, hex. */
  readonly digest: string;
  readonly manifest: Manifest;
}

interface ReadManifest extends FoundManifest {
  /** `sha256:...` of what was read: of an index its own, not that of its manifest. */
  readonly read: string;
}

const KEPT_MANIFESTS = 256;
/** The specification asks registries to take this much, and clients to expect no more. */
const MANIFEST_BYTES = 4 * MIB;
const TAGS_A_PAGE = 1_000;
const MAX_PAGES = 50;

export class OciClient {
  readonly address: OciAddress;
  readonly #http: HttpClient;
  readonly #auth: RegistryAuth;
  /** By digest, and where tags pointed to when they were read. */
  readonly #manifests = new Map<string, FoundManifest>();
  readonly #tagged = new Map<string, string>();

  constructor({ address, credentials = NO_CREDENTIALS, ca, limits }: OciPlace) {
    this.address = address;
    this.#http = new HttpClient({ subject: address.href, ca, limits });
    this.#auth = new RegistryAuth(this.#http, credentials, address.origin);
  }

  /** Returns all tags, in the registry's order. @throws {SourceNotFound} when there is no such repository. */
  async tags(): Promise<readonly string[]> {
    const act = 'list the tags';
    const tags: string[] = [];
    let url = this.#url(`tags/list?n=${TAGS_A_PAGE}`);
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await this.#get({ act, url, maxBytes: MANIFEST_BYTES });
      if (answer.status !== 200) throw this.#missing(act, answer, 'there is no such repository');
      tags.push(...tagsIn(answer.body));
      const next = nextPage(answer.headers.link, url);
      if (next === undefined) return tags;
      if (next.origin !== url.origin) throw notFound(this.#at(act), `its next page is at ${next.origin}`, ODD);
      url = next;
    }
    throw notFound(this.#at(act), `it has more than ${MAX_PAGES * TAGS_A_PAGE} tags`, 'name a tag instead of a range');
  }

  /**
   * Returns the manifest of a tag or of `sha256:...`, its digest checked; of an index its only manifest.
   * Undefined: there is none.
   */
  async manifest(reference: string): Promise<FoundManifest | undefined> {
    const kept = this.#manifests.get(await this.#digestOf(reference));
    if (kept !== undefined) return kept;
    const found = await this.#readManifest(reference);
    if (found === undefined) return undefined;
    if (this.#manifests.size >= KEPT_MANIFESTS) {
      this.#manifests.clear();
      this.#tagged.clear();
    }
    this.#manifests.set(found.read, found);
    if (!reference.startsWith('sha256:')) this.#tagged.set(reference, found.read);
    return found;
  }

  /** Of a tag that was read before: asked for by HEAD, which registries do not count as a pull. */
  async #digestOf(reference: string): Promise<string> {
    if (reference.startsWith('sha256:') || !this.#tagged.has(reference)) return reference;
    const question = this.#manifestQuestion(reference);
    const { status, headers } = await this.#get({ ...question, method: 'HEAD' });
    return status === 200 ? (headers['docker-content-digest'] ?? reference) : reference;
  }

  #manifestQuestion(reference: string) {
    const url = this.#url(`manifests/${encodeURIComponent(reference)}`);
    const headers = { accept: MANIFEST_TYPES.join(', ') };
    return { act: `read ${JSON.stringify(reference)}`, url, headers, maxBytes: MANIFEST_BYTES };
  }

  async #readManifest(reference: string, isNested = false): Promise<ReadManifest | undefined> {
    const question = this.#manifestQuestion(reference);
    const { act } = question;
    const answer = await this.#get(question);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw faultOfStatus(answer.status, this.#at(act), true);
    const digest = this.#checked(act, answer.body, promisedDigest(reference, answer));
    const parsed = parseManifest(answer.body);
    if (parsed === undefined) throw notFound(this.#at(act), 'its manifest is none of OCI', ODD);
    const read = `sha256:${digest}`;
    if (parsed.kind === 'manifest') return { read, digest, manifest: parsed.manifest };
    const [only, ...others] = parsed.manifests;
    const hasOne = only !== undefined && others.length === 0 && !isNested;
    const inner = hasOne ? await this.#readManifest(only.digest, true) : undefined;
    if (inner !== undefined) return { ...inner, read };
    const wrong = `it is an index of ${parsed.manifests.length} manifests`;
    throw notFound(this.#at(act), wrong, 'name the digest of one of them; an image of several platforms is no source');
  }

  /** Returns a blob, its digest checked. */
  async blob(digest: string, maxBytes: number): Promise<Uint8Array> {
    const act = `download ${digest.slice(0, 19)}`;
    const answer = await this.#get({ act, url: this.#url(`blobs/${digest}`), maxBytes });
    if (answer.status !== 200) throw this.#missing(act, answer, 'the registry lost this blob');
    this.#checked(act, answer.body, digest);
    return answer.body;
  }

  #url(path: string): URL {
    return new URL(`/v2/${this.address.path}/${path}`, this.address.origin);
  }

  #at(act: string): HttpAct {
    return { subject: this.address.href, act };
  }

  /** Asks again with what the registry wants, once with what may lie in a cache and once with what is fresh. */
  async #get(question: Parameters<HttpClient['get']>[0]): Promise<HttpAnswer> {
    const scope = `repository:${this.address.path}:pull`;
    const at = this.#at(question.act);
    let authorization = await this.#auth.known(scope);
    let answer = await this.#http.get({ ...question, authorization });
    for (const refused of [false, true]) {
      if (answer.status !== 401) break;
      if (authorization === undefined && refused) break;
      authorization = await this.#auth.answer(answer.headers['www-authenticate'], scope, { ...at, refused });
      answer = await this.#http.get({ ...question, authorization });
    }
    if (answer.status === 401 || answer.status === 403)
      throw faultOfStatus(answer.status, at, this.#auth.hasCredentials);
    return answer;
  }

  #missing(act: string, { status }: HttpAnswer, wrong: string) {
    if (status !== 404) return faultOfStatus(status, this.#at(act), true);
    return notFound(this.#at(act), wrong, 'check the address, and that it was pushed there');
  }

  /** Returns the digest of what came. @throws {SourceNotFound} when another one was promised. */
  #checked(act: string, body: Uint8Array, promised: string | undefined): string {
    const digest = createHash('sha256').update(body).digest('hex');
    if (promised === undefined || promised === `sha256:${digest}`) return digest;
    const wrong = `what came has the digest sha256:${digest}, and ${promised} was promised`;
    throw notFound(this.#at(act), wrong, 'push it again; if it lasts, someone between the registry and us changes it');
  }
}

const ODD = 'look at the registry';

function promisedDigest(reference: string, { headers }: HttpAnswer): string | undefined {
  if (reference.startsWith('sha256:')) return reference;
  const said = headers['docker-content-digest'];
  return said?.startsWith('sha256:') ? said : undefined;
}

function tagsIn(body: Uint8Array): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    const tags = typeof parsed === 'object' && parsed !== null && 'tags' in parsed ? parsed.tags : [];
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
  } catch {
    return [];
  }
}

/** `</v2/...>; rel="next"` (RFC 8288). */
function nextPage(link: string | undefined, from: URL): URL | undefined {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link ?? '')?.[1];
  return target !== undefined && URL.canParse(target, from.href) ? new URL(target, from) : undefined;
}
