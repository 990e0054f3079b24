import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { getCACertificates } from 'node:tls';
import type { HttpLimits } from './http-limits.ts';
import { SilenceError } from './read-failure.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the body; a longer one is cut off with a TooLargeError. */
  readonly maxBytes: number;
  /** Certificates in PEM, trusted beside those that Node knows, NODE_EXTRA_CA_CERTS among them. */
  readonly ca?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; of several with one name the values joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The body is longer than was asked for. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/**
 * Sends one request and returns its answer, whatever its status. Redirects are answers like others: whoever follows one
 * decides where the credentials go. A body that ends before the length that was announced is an error of the connection.
 *
 * @throws {SilenceError} when the server keeps silent for too long; {TooLargeError}; whatever the connection throws.
 */
export async function exchange(request: HttpRequest, limits: HttpLimits): Promise<HttpAnswer> {
  const controller = new AbortController();
  const giveUp = (ms: number) =>
    setTimeout(() => controller.abort(new SilenceError(`no answer within ${ms / 1000} s`)), ms);
  const silence = giveUp(limits.silenceMs);
  const whole = giveUp(limits.answerMs);
  try {
    const message = await send(request, controller.signal);
    silence.refresh();
    const body = await readBody(message, request, () => silence.refresh());
    return { status: message.statusCode ?? 0, headers: headersOf(message), body };
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason;
    throw error;
  } finally {
    clearTimeout(silence);
    clearTimeout(whole);
    controller.abort();
  }
}

function send({ method, url, headers, ca }: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { method, headers, signal, agent: false } as const;
    const sent =
      url.protocol === 'https:'
        ? requestTls(
            url,
            { ...options, ...(ca !== undefined && { ca: [...getCACertificates('default'), ca] }) },
            resolve,
          )
        : requestPlain(url, options, resolve);
    sent.on('error', reject).end();
  });
}

async function readBody(message: IncomingMessage, { maxBytes }: HttpRequest, tick: () => void): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of message) {
    tick();
    const bytes: Uint8Array = chunk;
    received += bytes.byteLength;
    if (received > maxBytes) throw new TooLargeError(`it has more than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(pairs);
}
