/**
 * Asks a Git server over HTTP. All that we ask only reads, so whatever failed on the way may be asked again. Redirects
 * are followed within one host alone, and credentials go nowhere else.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { PlumblineError } from '../../errors.ts';
import { notFound } from '../git-objects/not-found.ts';
import { PassingFault } from '../http/read-failure.ts';
import { wrongWith } from '../http/spoken-address.ts';
import { GitAnswerError } from './git-answer-error.ts';
import type { GitCredentials } from './git-credentials.ts';
import type { GitLimits } from './git-limits.ts';
import { exchange, type FetchAnswer, type HttpAnswer } from './http-exchange.ts';
import { faultOfConnection, faultOfStatus, type GitAct, unreachable } from './source-fault.ts';

export interface GitQuestion<T> {
  readonly act: string;
  /** Below the repository's address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What the answer must be; else something other than Git answers there. */
  readonly contentType: string;
  readonly read: (body: AsyncIterable<Uint8Array>) => Promise<T>;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 3;

export class GitConnection {
  /** What errors name. */
  readonly subject: string;
  readonly limits: GitLimits;
  readonly #credentials: GitCredentials;
  readonly #fetchAnswer: FetchAnswer;
  #base: URL;

  constructor(
    address: URL,
    ways: { readonly credentials: GitCredentials; readonly limits: GitLimits; readonly fetchAnswer?: FetchAnswer },
  ) {
    this.#base = address;
    this.subject = address.href;
    this.#credentials = ways.credentials;
    this.#fetchAnswer = ways.fetchAnswer ?? fetch;
    this.limits = ways.limits;
  }

  /**
   * @throws {GitAnswerError} `not-our-ref` alone.
   * @throws {SourceNotFound | SourceUnreachable | CredentialsExpired | Throttled}
   */
  async ask<T>(question: GitQuestion<T>): Promise<T> {
    const { retryWaitsMs, longestWaitMs } = this.limits;
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#askOnce(question);
      } catch (error) {
        if (!(error instanceof PassingFault)) throw error;
        const waitMs = error.waitMs ?? retryWaitsMs[tries];
        if (tries >= retryWaitsMs.length || waitMs === undefined || waitMs > longestWaitMs) throw error.fault;
        await pause(waitMs);
      }
    }
  }

  async #askOnce<T>(question: GitQuestion<T>): Promise<T> {
    let refused = false;
    for (let redirects = 0; ; ) {
      const { answered, value } = await this.#send(question, refused);
      if (answered === 'read') return value;
      if (answered === 'refused') refused = true;
      else if (++redirects > MAX_REDIRECTS) throw this.#moved(question.act, 'it redirects in a circle');
    }
  }

  async #send<T>(question: GitQuestion<T>, refused: boolean): Promise<Sent<T>> {
    const { act, path, headers, body } = question;
    const url = new URL(`${this.#base.href}${path}`);
    const authorization = await this.#credentials.authorization({ url, refused });
    const sent = { ...headers, 'user-agent': 'git/plumbline', ...(authorization !== undefined && { authorization }) };
    try {
      const request = { url, headers: sent, body, fetchAnswer: this.#fetchAnswer };
      return await exchange(request, this.limits, async (answer) => {
        if (answer.status === 200) return this.#read(question, answer);
        if (REDIRECTS.has(answer.status)) return this.#follow(question, url, answer.headers.get('location'));
        const isDenied = answer.status === 401 || answer.status === 403;
        if (isDenied && authorization !== undefined && !refused) return { answered: 'refused' };
        throw faultOfStatus(answer, { subject: this.subject, act }, authorization !== undefined);
      });
    } catch (error) {
      throw this.#toFault(error, { subject: this.subject, act });
    }
  }

  async #read<T>({ act, contentType, read }: GitQuestion<T>, { headers, body }: HttpAnswer): Promise<Sent<T>> {
    const type = headers.get('content-type') ?? 'nothing';
    if (type.split(';')[0]?.trim() === contentType) return { answered: 'read', value: await read(body) };
    throw notFound({
      subject: this.subject,
      act,
      wrong: `the server answers with ${JSON.stringify(type.slice(0, 80))}, which is no Git over smart HTTP`,
      remedy: 'give the address that "git clone" takes; a page to log in on means that credentials are missing',
    });
  }

  #follow<T>({ act, path }: GitQuestion<T>, from: URL, location: string | null): Sent<T> {
    const to = location !== null && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
    if (to === undefined) throw this.#moved(act, 'it redirects to no address');
    const isSamePlace = to.host === from.host && to.protocol === from.protocol && wrongWith(to) === undefined;
    const target = to.href.endsWith(path) ? to.href.slice(0, -path.length) : undefined;
    if (!isSamePlace || target === undefined) throw this.#moved(act, `it redirects to ${to.origin}`);
    this.#base = new URL(target);
    return { answered: 'moved' };
  }

  #moved(act: string, wrong: string): PlumblineError {
    const remedy = 'declare the address that the repository has now; redirects are followed within one host only';
    return notFound({ subject: this.subject, act, wrong, remedy });
  }

  #toFault(error: unknown, act: GitAct): Error {
    if (error instanceof PlumblineError || error instanceof PassingFault) return error;
    if (!(error instanceof GitAnswerError)) return faultOfConnection(error, act);
    switch (error.fault) {
      case 'not-our-ref':
        return error;
      case 'broken':
        return new PassingFault(
          unreachable(act, error.message, 'it is tried again by itself; look at the server if it lasts'),
        );
      case 'too-large':
        return notFound({
          ...act,
          wrong: error.message,
          remedy: 'keep large files in another repository, or in Git LFS',
        });
      case 'refused':
        return notFound({ ...act, wrong: `the server says "${error.message}"`, remedy: 'look at the server' });
    }
  }
}

type Sent<T> =
  | { readonly answered: 'read'; readonly value: T }
  | { readonly answered: 'refused' | 'moved'; readonly value?: never };
