import { SilenceError } from '../http/read-failure.ts';
import { GitAnswerError } from './git-answer-error.ts';
import type { GitLimits } from './git-limits.ts';

export interface HttpRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Present: POST, else GET. */
  readonly body?: string | undefined;
  /** `fetch`, or one that trusts other authorities. */
  readonly fetchAnswer: FetchAnswer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Pick<Headers, 'get' | 'has'>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** As much of `fetch` as is needed here; that of a package has types of its own. */
export type FetchAnswer = (
  url: URL,
  init: {
    readonly headers: Record<string, string>;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
    readonly method?: string;
    readonly body?: string;
  },
) => Promise<Pick<HttpAnswer, 'status' | 'headers'> & { readonly body: AsyncIterable<Uint8Array> | null }>;

/**
 * Sends one request and gives its answer to `read`; what of the answer is not read by then is not fetched. Redirects
 * are answers like others: whoever follows one decides where the credentials go.
 *
 * @throws {SilenceError} when the server keeps silent for too long; {GitAnswerError} `too-large`.
 */
export async function exchange<T>(
  { url, headers, body, fetchAnswer }: HttpRequest,
  limits: GitLimits,
  read: (answer: HttpAnswer) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const giveUp = (ms: number) =>
    setTimeout(() => controller.abort(new SilenceError(`no answer within ${ms / 1000} s`)), ms);
  const silence = giveUp(limits.silenceMs);
  const whole = giveUp(limits.answerMs);
  try {
    const answer = await fetchAnswer(url, {
      headers: { ...headers },
      redirect: 'manual',
      signal: controller.signal,
      ...(body !== undefined && { method: 'POST', body }),
    });
    return await read({
      status: answer.status,
      headers: answer.headers,
      body: chunksOf(answer, limits, () => silence.refresh()),
    });
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason;
    throw error;
  } finally {
    clearTimeout(silence);
    clearTimeout(whole);
    controller.abort();
  }
}

async function* chunksOf(
  answer: Pick<Awaited<ReturnType<FetchAnswer>>, 'body'>,
  { wireBytes }: GitLimits,
  tick: () => void,
): AsyncGenerator<Uint8Array> {
  if (answer.body === null) return;
  let received = 0;
  for await (const chunk of answer.body) {
    tick();
    received += chunk.byteLength;
    if (received > wireBytes) throw new GitAnswerError('too-large', `it has more than ${wireBytes} bytes on the wire`);
    yield chunk;
  }
}
