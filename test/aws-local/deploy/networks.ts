/**
 * The networks of the account: what a function reaches from where it stands. One in a network with `egress: endpoints`
 * reaches the services for which synth prints an endpoint, the API servers of the clusters in that network, and nothing
 * else; one outside reaches everything but those API servers. Where functions stand is what the template says.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CheckedConfig } from '../../../infra/checked-config.ts';
import { describeNetworks } from '../../../infra/network-endpoints.ts';
import { TemplateFault } from '../template/template-fault.ts';
import type { FunctionResource } from './function-definitions.ts';

/** How the SDK calls, in AWS_ENDPOINT_URL_..., what an endpoint and IAM call otherwise. */
const SDK_NAMES: Readonly<Record<string, string>> = {
  dynamodb: 'DYNAMODB',
  eks: 'EKS',
  events: 'EVENTBRIDGE',
  kms: 'KMS',
  s3: 'S3',
  sqs: 'SQS',
  sts: 'STS',
};
/** Where services would be without an endpoint: nobody. An address, so that the SDK puts no bucket in front of it. */
const NOWHERE = 'http://10.0.0.1';
const GUARD = pathToFileURL(join(import.meta.dirname, '..', 'runtime', 'route-guard.mjs')).href;

export interface NetworksPlace {
  readonly config: Pick<CheckedConfig, 'networks'>;
  /** The gateway's address. */
  readonly gatewayUrl: string;
  readonly folder: string;
}

/** What the processes of a function are started with. */
export interface FunctionRoutes {
  readonly preload: string;
  readonly variables: Readonly<Record<string, string>>;
}

export class Networks {
  readonly #place: NetworksPlace;
  readonly #folder: string;
  /** Services with an endpoint, by network. */
  readonly #endpoints: ReadonlyMap<string, Set<string>>;
  /** Network by the name of a function; '' for those outside. */
  readonly #placeOf = new Map<string, string>();
  /** Network by the `host:port` of an API server that is in one. */
  readonly #clusters = new Map<string, string>();

  constructor(place: NetworksPlace) {
    this.#place = place;
    this.#folder = mkdtempSync(join(place.folder, 'routes-'));
    const { networks } = place.config;
    const printed = describeNetworks({ networks });
    this.#endpoints = new Map(
      Object.entries(networks).flatMap(([name, { egress }], index) =>
        egress === 'endpoints' ? [[name, servicesIn(printed[index] ?? '')] as const] : [],
      ),
    );
  }

  /** Says where a function stands; undefined: it reaches everything that there is. */
  enter(name: string, { logicalId, properties: { VpcConfig: config } }: FunctionResource): FunctionRoutes | undefined {
    const { networks } = this.#place.config;
    const found = Object.entries(networks).find(
      ([, { subnetIds, securityGroupIds }]) =>
        isSame(subnetIds, config?.SubnetIds) && isSame(securityGroupIds, config?.SecurityGroupIds),
    );
    if (config !== undefined && found === undefined && config.SubnetIds.some((id) => id.startsWith('subnet-'))) {
      throw new TemplateFault(
        logicalId,
        `it stands in ${config.SubnetIds.join()}, which is no network of the settings`,
      );
    }
    const network = found?.[0] ?? '';
    this.#placeOf.set(name, network);
    if (Object.keys(networks).length === 0) return undefined;
    this.#write();
    const preload = `${GUARD}?routes=${encodeURIComponent(this.#fileOf(network))}`;
    return { preload, variables: this.#endpoints.has(network) ? this.#variables() : {} };
  }

  /** Says that an API server can be reached from one network alone. */
  placeCluster(server: string, network: string): void {
    if (!(network in this.#place.config.networks)) throw new Error(`there is no network ${network}`);
    this.#clusters.set(new URL(server).host, network);
    this.#write();
  }

  /** Services with an endpoint in a network, as IAM calls them, in order. */
  endpointsOf(network: string): readonly string[] {
    return [...(this.#endpoints.get(network) ?? [])].sort();
  }

  /** Takes an endpoint away; the function returned brings it back. Warm processes go on with the connections they have. */
  withdrawEndpoint(network: string, service: string): () => void {
    if (!this.#endpoints.get(network)?.delete(service)) throw new Error(`${network} has no endpoint for ${service}`);
    this.#write();
    return () => {
      this.#endpoints.get(network)?.add(service);
      this.#write();
    };
  }

  /** Why a function cannot reach a service; undefined: it can. */
  unreachable(functionName: string, service: string): string | undefined {
    const network = this.#placeOf.get(functionName) ?? '';
    const endpoints = this.#endpoints.get(network);
    return endpoints === undefined || endpoints.has(service) ? undefined : `${network} has no endpoint for ${service}`;
  }

  /** Each service has an address of its own; that of SQS is the one in the URLs of queues. */
  #variables(): Readonly<Record<string, string>> {
    const own = Object.entries(SDK_NAMES).map(([service, name]) => [`AWS_ENDPOINT_URL_${name}`, this.#urlOf(service)]);
    return { AWS_ENDPOINT_URL: NOWHERE, CODE_COMMIT_ENDPOINT: NOWHERE, ...Object.fromEntries(own) };
  }

  #urlOf(service: string): string {
    const number = Object.keys(SDK_NAMES).indexOf(service) + 2;
    return service === 'sqs' ? this.#place.gatewayUrl : `http://10.0.0.${number}`;
  }

  #write(): void {
    for (const network of new Set(this.#placeOf.values())) {
      writeFileSync(this.#fileOf(network), JSON.stringify(this.#routesFrom(network)));
    }
  }

  #routesFrom(network: string) {
    const endpoints = this.#endpoints.get(network);
    const clusters = [...this.#clusters];
    const gateway = new URL(this.#place.gatewayUrl).host;
    const own = clusters.filter(([, at]) => at === network).map(([address]) => [address, address]);
    const services = [...(endpoints ?? [])].map((service) => {
      const { hostname, port } = new URL(this.#urlOf(service));
      return [`${hostname}:${port || 80}`, gateway];
    });
    return {
      leads: Object.fromEntries([...services, ...own]),
      others: endpoints === undefined ? 'open' : 'closed',
      closed: clusters.filter(([, at]) => at !== network).map(([address]) => address),
    };
  }

  #fileOf(network: string): string {
    return join(this.#folder, `${network || 'outside'}.json`);
  }
}

/** Returns the services that a line of synth names: it is what people make endpoints by. */
function servicesIn(line: string): Set<string> {
  const interfaces = /interface endpoints for (.+?) in \d+ subnets/.exec(line)?.[1]?.split(', ') ?? [];
  const gateways = /gateway endpoints for (.+?) \(free\)/.exec(line)?.[1]?.split(' and ') ?? [];
  const services = [...interfaces, ...gateways];
  const unknown = services.find((service) => !(service in SDK_NAMES));
  if (services.length === 0 || unknown !== undefined) throw new Error(`synth names no endpoints known here: ${line}`);
  return new Set(services);
}

function isSame(one: readonly string[], other: readonly string[] | undefined): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...(other ?? [])].sort());
}
