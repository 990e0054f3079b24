/** One API server over HTTP/1.1: the port's calls as requests. Nothing is kept but what the server serves. */
import type { ClusterConnection, ConnectOptions, Discovery, ObjectRequests } from '../../job/ports.ts';
import type { KnownEndpoint } from '../../model/cluster-endpoint.ts';
import { isJsonObject } from '../../model/json.ts';
import { type ServiceAccountName, serviceAccountUser } from '../../model/service-account.ts';
import { readDiscovery } from './discovery.ts';
import type { Endpoint } from './endpoint.ts';
import { ObjectCalls } from './object-calls.ts';
import { type ApiPlace, notKubernetes, parseBody, refused } from './object-requests.ts';
import type { ApiTransport } from './transport.ts';

export class KubeConnection extends ObjectCalls implements ClusterConnection {
  readonly name: string;
  readonly #transport: ApiTransport;
  readonly #place: ApiPlace;
  readonly #applicationAgent: ConnectOptions['applicationAgent'];
  readonly #accounts: ReadonlyMap<string, ServiceAccountName>;
  #discovery: Promise<Discovery> | undefined;

  /** `accounts`: whom applications act as. Default: all as we ourselves. */
  constructor(
    { cluster, applicationAgent }: Pick<Endpoint, 'cluster' | 'applicationAgent'>,
    transport: ApiTransport,
    accounts: ReadonlyMap<string, ServiceAccountName> = new Map(),
  ) {
    const place: ApiPlace = { cluster, transport };
    super(place);
    this.name = cluster;
    this.#transport = transport;
    this.#place = place;
    this.#applicationAgent = applicationAgent;
    this.#accounts = accounts;
  }

  get requests(): number {
    return this.#transport.requests;
  }

  get endpoint(): KnownEndpoint | undefined {
    return this.#transport.known;
  }

  for(application: string): ObjectRequests {
    const account = this.#accounts.get(application);
    const actAs = account === undefined ? {} : { actAs: serviceAccountUser(account) };
    return new ObjectCalls(this.#place, { ...this.#agentOf(application), ...actAs });
  }

  ownFor(application: string): ObjectRequests {
    return new ObjectCalls(this.#place, this.#agentOf(application));
  }

  actingAs(accounts: ReadonlyMap<string, ServiceAccountName>): ClusterConnection {
    const agent = this.#applicationAgent;
    const endpoint = { cluster: this.name, ...(agent && { applicationAgent: agent }) };
    const acting = new KubeConnection(endpoint, this.#transport, accounts);
    acting.#discovery = this.#discovery;
    return acting;
  }

  #agentOf(application: string): { readonly userAgent?: string } {
    const userAgent = this.#applicationAgent?.(application);
    return userAgent === undefined ? {} : { userAgent };
  }

  async kubernetesVersion(): Promise<string> {
    const act = 'read the Kubernetes version';
    const answer = await this.#transport.send({ method: 'GET', path: '/version', act, repeatable: true });
    const body = answer.status === 200 ? parseBody(this.#place, answer, act) : undefined;
    const version = isJsonObject(body) ? body.gitVersion : undefined;
    if (typeof version === 'string') return version;
    throw notKubernetes(this.#place, act, `/version gives no gitVersion (HTTP ${answer.status})`);
  }

  async discover({ fresh }: { readonly fresh: boolean } = { fresh: false }): Promise<Discovery> {
    if (fresh) this.#discovery = undefined;
    this.#discovery ??= readDiscovery({
      get: (path, accept) => this.#getForDiscovery(path, accept),
      fail: (path, wrong) => notKubernetes(this.#place, `discover ${path}`, wrong),
    });
    const discovery = this.#discovery;
    try {
      return await discovery;
    } catch (error) {
      if (this.#discovery === discovery) this.#discovery = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #getForDiscovery(path: string, accept?: string) {
    const act = `discover ${path}`;
    const answer = await this.#transport.send({
      method: 'GET',
      path,
      // Two are on their way at once: whichever gets no answer first, what people read is the same.
      act: 'discover',
      repeatable: true,
      ...(accept === undefined ? {} : { accept }),
    });
    if (answer.status !== 200) return refused(answer);
    return { ok: true as const, body: parseBody(this.#place, answer, act), contentType: answer.contentType };
  }
}
