/** Connects to the clusters that a kubeconfig names. What its files say is kept until one of them changes. */
import { delimiter, join, resolve } from 'node:path';
import { PlumblineError } from '../../errors.ts';
import type { CredentialSource } from '../../job/cluster-provider.ts';
import type { ClusterConnection, ClusterConnector, ConnectOptions } from '../../job/ports.ts';
import { KubeConnection } from './connection.ts';
import type { Endpoint } from './endpoint.ts';
import { createKubeconfigCredentials, readCredentialFile } from './kubeconfig-credentials.ts';
import { type KubeconfigContext, readKubeconfigContext, versionOfFiles } from './kubeconfig-file.ts';
import { Transport } from './transport.ts';

export interface KubeconfigConnectorOptions {
  /** The value of KUBECONFIG: files parted by `:` (`;` on Windows). */
  readonly kubeconfigVariable?: string | undefined;
  readonly homeDirectory: string;
  /** Where relative paths of declarations start. */
  readonly baseDirectory: string;
}

interface KnownContext {
  readonly version: string;
  readonly context: KubeconfigContext;
  /** Kept with what an exec plugin gave: `aws eks get-token` takes a second. */
  readonly credentials: CredentialSource;
}

/**
 * Returns a connector for clusters declared by `spec.kubeconfig`. Files: `path` of the declaration, else KUBECONFIG,
 * else `~/.kube/config`. Connecting reads files and may start an exec plugin, but sends no request.
 */
export function createKubeconfigConnector(options: KubeconfigConnectorOptions): ClusterConnector {
  const known = new Map<string, KnownContext>();
  return {
    connect: async (declaration, connectOptions): Promise<ClusterConnection> => {
      const subject = declaration.metadata.name;
      const { kubeconfig } = declaration.spec;
      if (kubeconfig === undefined) {
        throw invalid(subject, 'the Cluster has no spec.kubeconfig', 'declare spec.kubeconfig.context');
      }
      const files = kubeconfigFiles(kubeconfig.path, options);
      const key = [...files, kubeconfig.context].join('\n');
      const version = await versionOfFiles(files);
      let found = known.get(key);
      if (found?.version !== version) {
        const context = await readKubeconfigContext(subject, files, kubeconfig.context);
        found = { version, context, credentials: createKubeconfigCredentials(subject, context) };
        known.set(key, found);
      }
      const endpoint = await endpointOf(subject, found, connectOptions);
      return new KubeConnection(endpoint, new Transport(endpoint));
    },
  };
}

function kubeconfigFiles(path: string | undefined, options: KubeconfigConnectorOptions): readonly string[] {
  if (path !== undefined) {
    return [path.startsWith('~/') ? join(options.homeDirectory, path.slice(2)) : resolve(options.baseDirectory, path)];
  }
  const listed = (options.kubeconfigVariable ?? '').split(delimiter).filter((file) => file !== '');
  return listed.length > 0 ? listed : [join(options.homeDirectory, '.kube', 'config')];
}

async function endpointOf(subject: string, known: KnownContext, options: ConnectOptions): Promise<Endpoint> {
  const { value: cluster, folder } = known.context.cluster;
  const server = parseUrl(subject, 'server', cluster.server);
  const proxy = cluster.proxyUrl ? parseUrl(subject, 'proxy-url', cluster.proxyUrl) : undefined;
  const authority = cluster.caData
    ? Buffer.from(cluster.caData, 'base64')
    : cluster.caFile && (await readCredentialFile(subject, resolve(folder, cluster.caFile)));
  return {
    cluster: subject,
    server,
    ...(authority ? { certificateAuthority: authority } : {}),
    ...(cluster.tlsServerName ? { serverName: cluster.tlsServerName } : {}),
    ...(cluster.skipTLSVerify ? { skipVerification: true } : {}),
    ...(proxy === undefined ? {} : { proxy }),
    credentials: known.credentials,
    ...options,
  };
}

function parseUrl(subject: string, field: 'server' | 'proxy-url', text: string): URL {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  // The address is not quoted: a URL may hold a password.
  const wrong = url === null ? `${field} is no URL` : `${field} has the scheme ${url.protocol.slice(0, -1)}`;
  throw invalid(subject, wrong, `write ${field} as https://host:port (or http://)`);
}

function invalid(subject: string, wrong: string, remedy: string): PlumblineError {
  return new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'connect', wrong, remedy }]);
}
