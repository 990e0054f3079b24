/**
 * EKS on one machine: its API over a list of clusters whose API servers are real control planes, and the token check of
 * those clusters as the webhook of kube-apiserver. One address serves all regions and accounts: the region is that of the
 * request's signature, the account that of the access key.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestCluster } from '../../controlplane/test-cluster.ts';
import {
  type AccessEntry,
  answerDescribe,
  answerList,
  type EksCluster,
  type EksFault,
  type EksPlaceName,
  type EksRequest,
  readEksRequest,
  sendFault,
  sendJson,
} from './eks-api.ts';
import type { FindIdentity } from './identities.ts';
import { reviewToken, type TokenReview } from './review-token.ts';

export interface EksOptions {
  /** Secrets of access keys, to check signatures with; see `KnownIdentities`. */
  readonly findIdentity: FindIdentity;
  /** Account of requests by an access key that is not known. Default 123456789012. */
  readonly account?: string;
  readonly nowMs?: () => number;
}

/** What `put` is told; the rest has defaults: region eu-west-1, account 123456789012, ACTIVE, 1.36, no tags, no access. */
export interface EksClusterInput extends Partial<Omit<EksCluster, 'name'>> {
  readonly name: string;
  /** Its API server; in place of `server` and `certificateAuthority`. */
  readonly plane?: Pick<TestCluster, 'server' | 'caFile'>;
  readonly access?: readonly AccessEntry[];
}

export type EksFaults = (request: EksRequest) => EksFault | undefined | Promise<EksFault | undefined>;

export interface TestEks {
  /** For AWS_ENDPOINT_URL_EKS. */
  readonly url: string;
  /** Flags for the control plane (`StartOptions.apiserverFlags`) that is to be this cluster; `put` it once it runs. */
  apiserverFlags(cluster: Partial<EksPlaceName> & { readonly name: string }): readonly string[];
  /** Makes or replaces a cluster. */
  put(cluster: EksClusterInput): void;
  remove(cluster: Partial<EksPlaceName> & { readonly name: string }): void;
  /** Requests to the API so far. */
  readonly requests: readonly EksRequest[];
  /** Most requests to the API that were under way at once. */
  readonly mostAtOnce: number;
  /** Token checks so far. */
  readonly reviews: readonly TokenReview[];
  /** Answers that are to be faults, or late; undefined: none. */
  setFault(fault: EksFaults | undefined): void;
  stop(): Promise<void>;
}

const REGION = 'eu-west-1';
const ACCOUNT = '123456789012';

/** Starts EKS without clusters. It does not keep the process alive. */
export async function startEks(options: EksOptions): Promise<TestEks> {
  const { account = ACCOUNT, nowMs = Date.now } = options;
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-eks-'));
  const clusters = new Map<string, EksCluster>();
  const requests: EksRequest[] = [];
  const reviews: TokenReview[] = [];
  let underWay = 0;
  let mostAtOnce = 0;
  let fault: EksFaults | undefined;
  const placeOf = (place: Partial<EksPlaceName> & { readonly name: string }): EksPlaceName => {
    return { account, region: REGION, ...place };
  };

  const answerApi = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://eks');
    const signer = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const identity = await options.findIdentity(signer);
    const asked = readEksRequest(request, () => identity?.arn.split(':')[4] ?? account);
    if (asked === undefined)
      return sendFault(response, { status: 404, code: 'UnknownOperationException', message: '' });
    requests.push(asked);
    underWay += 1;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    response.once('close', () => {
      underWay -= 1;
    });
    const broken = await fault?.(asked);
    if (broken !== undefined) return sendFault(response, broken);
    const { operation, region, name = '' } = asked;
    if (operation === 'DescribeCluster') {
      return answerDescribe(response, clusters.get(keyOf({ account: asked.account, region, name })), asked);
    }
    const here = [...clusters.values()].filter((one) => one.region === region && one.account === asked.account);
    return answerList(
      response,
      here.map((one) => one.name),
      url,
    );
  };
  const answerWebhook = async (request: IncomingMessage, response: ServerResponse) => {
    const [, , ...parts] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
    const [of = '', region = '', name = ''] = parts.map(decodeURIComponent);
    const cluster = clusters.get(keyOf({ account: of, region, name }));
    const body: unknown = JSON.parse(await text(request));
    const { answer, review } = await reviewToken(body, cluster, { findIdentity: options.findIdentity, nowMs: nowMs() });
    reviews.push(review);
    sendJson(response, 200, answer);
  };
  const server = createServer((request, response) => {
    const answer = request.url?.startsWith('/authenticate/') ? answerWebhook : answerApi;
    answer(request, response).catch((error) => {
      response.writeHead(500);
      response.end(String(error));
    });
  });
  const url = await listen(server);
  return {
    url,
    requests,
    get mostAtOnce() {
      return mostAtOnce;
    },
    reviews,
    put: ({ plane, ...cluster }) => {
      const place = placeOf(cluster);
      const { server: at, certificateAuthority } = cluster;
      clusters.set(keyOf(place), {
        ...{ status: 'ACTIVE', version: '1.36', tags: {}, access: [] },
        ...cluster,
        ...place,
        server: plane?.server ?? at,
        certificateAuthority: plane === undefined ? certificateAuthority : readFileSync(plane.caFile, 'utf8'),
      });
    },
    remove: (cluster) => void clusters.delete(keyOf(placeOf(cluster))),
    setFault: (next) => {
      fault = next;
    },
    apiserverFlags: (cluster) => {
      const place = placeOf(cluster);
      const file = join(folder, `${keyOf(place).replaceAll('/', '_')}.json`);
      const path = [place.account, place.region, place.name].map(encodeURIComponent).join('/');
      writeFileSync(file, JSON.stringify(webhookConfig(`${url}/authenticate/${path}`)));
      return [
        `--authentication-token-webhook-config-file=${file}`,
        '--authentication-token-webhook-version=v1',
        // Each request is checked: the next test may have changed what is allowed.
        '--authentication-token-webhook-cache-ttl=0s',
      ];
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function keyOf({ account, region, name }: EksPlaceName): string {
  return `${account}/${region}/${name}`;
}

/** A kubeconfig, as kube-apiserver wants it for its webhooks; JSON is YAML. */
function webhookConfig(server: string): object {
  return {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'webhook' },
    clusters: [{ name: 'verifier', cluster: { server } }],
    users: [{ name: 'apiserver', user: {} }],
    contexts: [{ name: 'webhook', context: { cluster: 'verifier', user: 'apiserver' } }],
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}
