/**
 * AWS as the functions see it: one HTTP server in front of moto that knows who asks, decides whether they may, keeps
 * limits that moto does not, counts, and breaks what a test wants broken.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type AwsRequest, type RawRequest, UnknownRequest, understand } from './aws-request.ts';
import { type Caller, carryOut, type Serving } from './carry-out.ts';
import { delayOf, type Fault, FaultRules } from './fault-rules.ts';
import { RequestLog } from './request-log.ts';
import { type Answer, formatServiceError, throttled } from './service-error.ts';

/** `arrived`: nothing has been done yet. `executed`: done, the caller does not know yet. */
export type Phase = 'arrived' | 'executed';
export type RequestListener = (request: AwsRequest, caller: Caller, phase: Phase) => void | Promise<void>;

export class Gateway {
  readonly url: string;
  readonly log = new RequestLog();
  readonly faults = new FaultRules();
  /** Refusals that no working stack provokes: denied, unknown, beyond a limit. */
  readonly violations: string[] = [];
  readonly #server;
  readonly #listeners = new Set<RequestListener>();
  #aheadMs = 0;
  #serving: Serving | undefined;

  private constructor(server: ReturnType<typeof createServer>, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<Gateway> {
    const server = createServer();
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the gateway has no port');
    const gateway = new Gateway(server, address.port);
    server.on('request', (incoming, response) => {
      gateway.#answer(incoming, response).catch((error: unknown) => {
        gateway.violations.push(`gateway: ${error instanceof Error ? error.message : String(error)}`);
        response.destroy();
      });
    });
    return gateway;
  }

  /** What it is about becomes known only after its address is. */
  serve(serving: Serving): void {
    this.#serving = serving;
  }

  /** Lets time pass for whoever reads it from AWS's answers (the state store does, from their Date). */
  passTime(ms: number): void {
    this.#aheadMs += ms;
  }

  /** Looks at every request; the function returned ends that. */
  onRequest(listener: RequestListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = {
      method: incoming.method ?? 'GET',
      url: new URL(incoming.url ?? '/', this.url),
      headers: incoming.headers,
      body: Buffer.concat(await incoming.toArray()),
    };
    const request = tryUnderstand(raw);
    const serving = this.#serving;
    if (request instanceof UnknownRequest || serving === undefined) {
      const body = request instanceof UnknownRequest ? request.message : 'not ready';
      this.violations.push(body);
      return send(response, { status: 501, headers: {}, body });
    }
    const caller = serving.world.callerOf(request.accessKey);
    if (caller === undefined) return send(response, unknownCaller(request));
    const startedMs = performance.now();
    const found = this.faults.take(request, caller.name);
    const { answer, resources, note } = await this.#carry(request, caller, { serving, found });
    this.log.add({
      atMs: Date.now(),
      caller: caller.name,
      service: request.service,
      operation: request.operation,
      resources,
      status: answer?.status ?? 0,
      durationMs: Math.round(performance.now() - startedMs),
      requestBytes: raw.body.length,
      responseBytes: answer === undefined ? 0 : Buffer.byteLength(answer.body),
      ...(note === undefined ? {} : { note }),
    });
    if (answer !== undefined) send(response, { ...answer, headers: { ...answer.headers, date: this.#date() } });
    else if (!found.includes('hang')) response.destroy();
  }

  #date(): string {
    return new Date(Date.now() + this.#aheadMs).toUTCString();
  }

  /** Without an answer: the connection is to break, or to hang. */
  async #carry(
    request: AwsRequest,
    caller: Caller,
    { serving, found }: { readonly serving: Serving; readonly found: readonly Fault[] },
  ): Promise<{ readonly answer?: Answer; readonly resources: readonly string[]; readonly note?: string }> {
    for (const fault of found) await pause(delayOf(fault) ?? 0);
    for (const listener of this.#listeners) await listener(request, caller, 'arrived');
    const note = found.map((fault) => (typeof fault === 'string' ? fault : 'delay')).join();
    if (found.includes('reset') || found.includes('hang')) return { resources: [], note };
    const early = refusalOf(request, found);
    if (early !== undefined) return { answer: early, resources: [], note };
    const { answer, resources, violation } = await carryOut(request, caller, serving);
    if (violation !== undefined) this.violations.push(violation);
    for (const listener of this.#listeners) await listener(request, caller, 'executed');
    if (found.includes('lose-answer')) return { resources, note };
    const why = violation ?? (note === '' ? undefined : note);
    return { answer, resources, ...(why === undefined ? {} : { note: why }) };
  }
}

function tryUnderstand(raw: RawRequest): AwsRequest | UnknownRequest {
  try {
    return understand(raw);
  } catch (error) {
    return error instanceof UnknownRequest ? error : new UnknownRequest(`${raw.url.pathname}: ${String(error)}`);
  }
}

function unknownCaller({ service }: AwsRequest): Answer {
  const message = 'The security token included in the request is invalid';
  return formatServiceError(service, { code: 'InvalidClientTokenId', message, status: 403 });
}

function refusalOf({ service }: AwsRequest, faults: readonly Fault[]): Answer | undefined {
  if (faults.includes('throttle')) return formatServiceError(service, throttled(service));
  if (!faults.includes('unavailable')) return undefined;
  return formatServiceError(service, { code: 'ServiceUnavailable', message: 'try again', status: 503 });
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  // The length of what a HEAD would have brought is the service's to say.
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
}
