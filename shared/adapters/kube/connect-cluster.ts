/** Connects to clusters whose provider knows where they are; the way there is kept by the caller from run to run. */
import { PlumblineError } from '../../errors.ts';
import type { ClusterLocator, LocatedCluster } from '../../job/cluster-provider.ts';
import type { ClusterConnector, ConnectOptions } from '../../job/ports.ts';
import type { KnownEndpoint } from '../../model/cluster-endpoint.ts';
import { KubeConnection } from './connection.ts';
import { MovingTransport } from './moving-transport.ts';

/**
 * A cluster that answers needs no question; but one made anew elsewhere may leave the old one answering for a while, and
 * a second authority is best known before the first one ends.
 */
const ENDPOINT_LIFE_MS = 60 * 60 * 1_000;

export interface ClusterConnectorOptions {
  /** For what no locator knows. Absent: that is refused. */
  readonly others?: ClusterConnector;
  readonly nowMs?: () => number;
}

/**
 * Returns a connector that asks each locator in turn. Connecting asks the provider only where `known` is missing or an
 * hour old, and sends no request to the cluster; a provider that does not answer then is no reason to leave a known one.
 */
export function createClusterConnector(
  locators: readonly ClusterLocator[],
  { others, nowMs = Date.now }: ClusterConnectorOptions = {},
): ClusterConnector {
  return {
    connect: async (declaration, options) => {
      const cluster = declaration.metadata.name;
      for (const locator of locators) {
        const located = await locator.locate(declaration);
        if (located === undefined) continue;
        const known = await endpointOf(located, options.known, nowMs());
        const { known: _known, ...manner } = options;
        const transport = new MovingTransport(located, known, { cluster, ...manner });
        return new KubeConnection({ cluster, ...manner }, transport);
      }
      if (others !== undefined) return await others.connect(declaration, options);
      throw unknownWay(cluster);
    },
  };
}

async function endpointOf(
  located: LocatedCluster,
  known: ConnectOptions['known'],
  nowMs: number,
): Promise<KnownEndpoint> {
  if (known !== undefined && nowMs - known.readAtMs < ENDPOINT_LIFE_MS) return known;
  return await located.readEndpoint().catch((error: unknown) => {
    const isAway = error instanceof PlumblineError && ['Throttled', 'ClusterUnreachable'].includes(error.code);
    if (known !== undefined && isAway) return known;
    throw error;
  });
}

function unknownWay(cluster: string): PlumblineError {
  const wrong = 'spec says nothing that this installation can connect by';
  const remedy = 'declare spec.eks; kubeconfig files are there for the command line alone';
  return new PlumblineError([{ code: 'ConfigInvalid', subject: cluster, act: 'connect', wrong, remedy }]);
}
