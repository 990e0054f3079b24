/**
 * Sends to a cluster whose address and authority may change under its name: authorities are rotated, clusters are made
 * anew. When nothing of a request gets through, the provider is asked once more; what it names by then is used for the
 * rest of the connection.
 */
import { PlumblineError } from '../../errors.ts';
import type { LocatedCluster } from '../../job/cluster-provider.ts';
import type { KnownEndpoint } from '../../model/cluster-endpoint.ts';
import { formatProblem } from '../../model/problem.ts';
import type { Endpoint } from './endpoint.ts';
import { isCertificateFault, wasNeverSent } from './platform-fault.ts';
import { type ApiAnswer, type ApiRequest, type ApiTransport, Transport } from './transport.ts';

/** All of an endpoint but the place. */
export type Manner = Omit<Endpoint, 'server' | 'certificateAuthority' | 'credentials'>;

export class MovingTransport implements ApiTransport {
  readonly #located: LocatedCluster;
  readonly #manner: Manner;
  readonly #first: Transport;
  #known: KnownEndpoint;
  /** Set by the first failure, for all that fail with it: where to go on, or why the failure stands. */
  #moved: Promise<Transport> | undefined;
  #second: Transport | undefined;
  #isClosed = false;

  constructor(located: LocatedCluster, known: KnownEndpoint, manner: Manner) {
    this.#located = located;
    this.#known = known;
    this.#manner = manner;
    this.#first = this.#open(known);
  }

  get requests(): number {
    return this.#first.requests + (this.#second?.requests ?? 0);
  }

  get known(): KnownEndpoint {
    return this.#known;
  }

  async send(request: ApiRequest): Promise<ApiAnswer> {
    if (this.#second !== undefined) return await this.#second.send(request);
    try {
      return await this.#first.send(request);
    } catch (error) {
      if (this.#isClosed || !(error instanceof PlumblineError) || !mayHaveMoved(error)) throw error;
      this.#moved ??= this.#move(error);
      const second = await this.#moved;
      const isRepeatable = request.repeatable || error.code === 'CredentialsExpired' || wasNeverSent(error.cause);
      if (!isRepeatable) throw error;
      return await second.send(request);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#first.close(), this.#second?.close()]);
  }

  /** A certificate may have been made anew where the address stayed, so that alone is tried again in any case. */
  async #move(failure: PlumblineError): Promise<Transport> {
    const before = this.#known;
    const now = await this.#located.readEndpoint().catch((error: unknown) => {
      throw withReason(failure, error);
    });
    this.#known = now;
    const isSame = now.server === before.server && now.certificateAuthority === before.certificateAuthority;
    if ((isSame && !isCertificateFault(failure.cause)) || this.#isClosed) throw unmoved(failure);
    this.#second = this.#open(now);
    return this.#second;
  }

  #open({ server, certificateAuthority }: KnownEndpoint): Transport {
    const { credentials } = this.#located;
    return new Transport({ ...this.#manner, server: new URL(server), certificateAuthority, credentials });
  }
}

function mayHaveMoved({ code }: PlumblineError): boolean {
  return code === 'ClusterUnreachable' || code === 'CredentialsExpired';
}

/** What the request met comes first; why nothing more is known of the cluster stands beside it. */
function withReason(failure: PlumblineError, reason: unknown): PlumblineError {
  if (!(reason instanceof PlumblineError)) return failure;
  const said = new Set(failure.problems.map(formatProblem));
  const more = reason.problems.filter((problem) => !said.has(formatProblem(problem)));
  return new PlumblineError([...failure.problems, ...more], { cause: failure.cause });
}

function unmoved(failure: PlumblineError): PlumblineError {
  const [problem, ...others] = failure.problems;
  const wrong = `${problem.wrong}, and its provider, asked again, names no other address`;
  return new PlumblineError([{ ...problem, wrong }, ...others], { cause: failure.cause });
}
