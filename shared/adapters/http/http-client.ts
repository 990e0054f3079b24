/**
 * Asks servers of charts and artifacts over HTTP. All that we ask only reads, so whatever failed on the way may be asked
 * again. Redirects are followed, as registries keep their blobs elsewhere; credentials stay with the host they are for.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { PlumblineError } from '../../errors.ts';
import { exchange, type HttpAnswer, TooLargeError } from './http-exchange.ts';
import { faultOfConnection, notFound, passingFaultOf } from './http-fault.ts';
import { HTTP_LIMITS, type HttpLimits, MIB } from './http-limits.ts';
import { PassingFault } from './read-failure.ts';
import { wrongWith, wrongWithTurn } from './spoken-address.ts';

export interface HttpCredentials {
  /**
   * Returns the value of the `Authorization` header; undefined: none is sent. `refused`: the server did not accept the
   * last one, so an answer from a cache is no use.
   */
  authorization(request: { readonly url: URL; readonly refused: boolean }): Promise<string | undefined>;
}

export const NO_CREDENTIALS: HttpCredentials = { authorization: async () => undefined };

export interface HttpPlace {
  /** What errors name: the address that was declared. */
  readonly subject: string;
  /** Certificates in PEM. Default: those that Node trusts. */
  readonly ca?: string | undefined;
  readonly limits?: Partial<HttpLimits> | undefined;
}

export interface HttpQuestion {
  /** Default: GET. */
  readonly method?: 'GET' | 'HEAD';
  readonly act: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly authorization?: string | undefined;
  readonly maxBytes: number;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 5;

export class HttpClient {
  readonly subject: string;
  readonly #limits: HttpLimits;
  readonly #ca: string | undefined;

  constructor({ subject, ca, limits }: HttpPlace) {
    this.subject = subject;
    this.#ca = ca;
    this.#limits = { ...HTTP_LIMITS, ...limits };
  }

  /**
   * Returns the answer below 500 that is neither a redirect nor 429; 401 and 404 among them.
   *
   * @throws {SourceUnreachable | Throttled} after some tries; {SourceNotFound} for a redirect that is not followed and
   *   for what is larger than `maxBytes`; {ConfigInvalid} for an address that is not spoken to.
   */
  async get(question: HttpQuestion): Promise<HttpAnswer> {
    const { retryWaitsMs, longestWaitMs } = this.#limits;
    this.#assertSpoken(question);
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#follow(question);
      } catch (error) {
        if (!(error instanceof PassingFault)) throw error;
        const waitMs = error.waitMs ?? retryWaitsMs[tries];
        if (tries >= retryWaitsMs.length || waitMs === undefined || waitMs > longestWaitMs) throw error.fault;
        await pause(waitMs);
      }
    }
  }

  async #follow(question: HttpQuestion): Promise<HttpAnswer> {
    let { url } = question;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const answer = await this.#ask(question, url);
      if (!REDIRECTS.has(answer.status)) return url.origin === question.url.origin ? answer : withoutChallenge(answer);
      url = this.#nextUrl(question, url, answer.headers.location);
    }
    throw notFound({ subject: this.subject, act: question.act }, 'it redirects in a circle', MOVED);
  }

  async #ask(question: HttpQuestion, url: URL): Promise<HttpAnswer> {
    const { method = 'GET', act, url: first, headers, authorization, maxBytes } = question;
    const at = { subject: this.subject, act };
    const isSameHost = url.origin === first.origin;
    const sent = {
      ...headers,
      'user-agent': 'plumbline',
      ...(authorization !== undefined && isSameHost && { authorization }),
    };
    try {
      const answer = await exchange({ method, url, headers: sent, maxBytes, ca: this.#ca }, this.#limits);
      const passing = passingFaultOf(answer, at, url.host);
      if (passing !== undefined) throw passing;
      return answer;
    } catch (error) {
      if (error instanceof PassingFault) throw error;
      if (!(error instanceof TooLargeError)) throw faultOfConnection(error, at, url.host);
      throw notFound(at, `it is larger than ${maxBytes / MIB} MiB`, 'that is more than is read; make it smaller');
    }
  }

  #nextUrl({ act }: HttpQuestion, from: URL, location: string | undefined): URL {
    const at = { subject: this.subject, act };
    const to = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
    if (to === undefined) throw notFound(at, 'it redirects to no address', MOVED);
    const wrong = wrongWithTurn(from, to);
    if (wrong !== undefined) throw notFound(at, `it redirects to ${to.origin}, and ${wrong}`, MOVED);
    return to;
  }

  #assertSpoken({ act, url }: HttpQuestion): void {
    const wrong = wrongWith(url);
    if (wrong === undefined) return;
    const remedy = 'give an https address that a server has';
    throw new PlumblineError([{ code: 'ConfigInvalid', subject: this.subject, act, wrong, remedy }]);
  }
}

/** Whom a redirect leads to must not say where credentials go that are not for him: a challenge may name a token server. */
function withoutChallenge({ headers, ...answer }: HttpAnswer): HttpAnswer {
  const { 'www-authenticate': _challenge, ...others } = headers;
  return { ...answer, headers: others };
}

const MOVED = 'declare the address that it has now';
