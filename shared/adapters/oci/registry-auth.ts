/**
 * How a registry learns who we are: by our credentials themselves, or by a token that its token server gives for them
 * (or for nothing, where anyone may pull). Source: distribution v3, docs/spec/auth/token.md; OCI distribution spec 1.1.
 */
import type { HttpClient, HttpCredentials } from '../http/http-client.ts';
import { denied, faultOfStatus, type HttpAct, notFound, unreachable } from '../http/http-fault.ts';
import { MIB } from '../http/http-limits.ts';
import { wrongWithTurn } from '../http/spoken-address.ts';
import { type Challenge, parseChallenges } from './challenge.ts';

interface Token {
  readonly value: string;
  readonly untilMs: number;
}

/** Without `expires_in` a token is good for so long, says the specification; renewed a little before. */
const DEFAULT_LIFE_SECONDS = 60;
const MARGIN_MS = 10_000;

export class RegistryAuth {
  readonly #client: HttpClient;
  readonly #credentials: HttpCredentials;
  readonly #origin: URL;
  readonly #tokens = new Map<string, Token>();
  #wantsBasic = false;
  #hasCredentials = false;

  constructor(client: HttpClient, credentials: HttpCredentials, origin: URL) {
    this.#client = client;
    this.#credentials = credentials;
    this.#origin = origin;
  }

  /** Returns the header for a first try; undefined: the registry has not asked for any yet. */
  async known(scope: string): Promise<string | undefined> {
    const token = this.#tokens.get(scope);
    if (token !== undefined && performance.now() < token.untilMs) return `Bearer ${token.value}`;
    return this.#wantsBasic ? this.#own(this.#origin, false) : undefined;
  }

  /**
   * Returns the header that the registry asks for by an answer 401.
   *
   * @param refused what was sent with the request, if anything was.
   * @throws {CredentialsExpired | SourceNotFound | SourceUnreachable | Throttled}
   */
  async answer(
    header: string | undefined,
    scope: string,
    act: HttpAct & { readonly refused: boolean },
  ): Promise<string> {
    const challenges = parseChallenges(header);
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    const own = await this.#own(this.#origin, act.refused);
    // An access token of theirs is what a token server would give.
    if (own?.startsWith('Bearer ')) return own;
    if (bearer !== undefined) return `Bearer ${await this.#fetchToken(bearer, scope, act)}`;
    if (!challenges.some(({ scheme }) => scheme === 'basic')) {
      throw notFound(act, 'the registry answers 401 and asks for nothing that we know', 'look at the registry');
    }
    this.#wantsBasic = true;
    if (own === undefined) throw faultOfStatus(401, act, false);
    return own;
  }

  /** Tells whether we ever had anything to say who we are. */
  get hasCredentials(): boolean {
    return this.#hasCredentials;
  }

  async #own(url: URL, refused: boolean): Promise<string | undefined> {
    const authorization = await this.#credentials.authorization({ url, refused });
    if (authorization !== undefined) this.#hasCredentials = true;
    return authorization;
  }

  async #fetchToken(challenge: Challenge, scope: string, act: HttpAct & { readonly refused: boolean }) {
    const url = this.#tokenUrl(challenge, scope, act);
    // A registry that gets our credentials may also say who else checks them: Docker Hub's is auth.docker.io.
    const authorization = await this.#own(url, act.refused);
    const answer = await this.#client.get({ act: 'fetch a token', url, authorization, maxBytes: MIB });
    if (answer.status === 401 || answer.status === 403) {
      const wrong = `the token server ${url.host} answers ${answer.status}`;
      throw authorization === undefined ? faultOfStatus(answer.status, act, false) : denied(act, wrong);
    }
    if (answer.status !== 200) throw brokenServer(act, url, `answers ${answer.status}`);
    const token = readToken(answer.body);
    if (token === undefined) throw brokenServer(act, url, 'gives no token');
    this.#tokens.set(scope, token);
    return token.value;
  }

  #tokenUrl({ parameters }: Challenge, scope: string, act: HttpAct): URL {
    const realm = parameters.get('realm') ?? '';
    const url = URL.canParse(realm) ? new URL(realm) : undefined;
    const wrong = url === undefined ? 'that is no address' : wrongWithTurn(this.#origin, url);
    if (url === undefined || wrong !== undefined) {
      const shown = JSON.stringify(url?.origin ?? realm.slice(0, 100));
      throw notFound(act, `the registry sends us to the token server ${shown}: ${wrong}`, 'look at the registry');
    }
    const service = parameters.get('service');
    if (service !== undefined) url.searchParams.set('service', service);
    url.searchParams.set('scope', scope);
    return url;
  }
}

function brokenServer(act: HttpAct, url: URL, wrong: string) {
  return unreachable(act, `the token server ${url.host} ${wrong}`, 'it is tried again by itself; look at the server');
}

function readToken(body: Uint8Array): Token | undefined {
  const fields = parseFields(body);
  const value = fields.token ?? fields.access_token;
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) return undefined;
  const life = typeof fields.expires_in === 'number' ? fields.expires_in : DEFAULT_LIFE_SECONDS;
  return { value, untilMs: performance.now() + life * 1_000 - MARGIN_MS };
}

function parseFields(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    // Not passed on as a cause: the parser quotes the text.
    return {};
  }
}
