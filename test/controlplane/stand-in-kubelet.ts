/**
 * A kubelet that only has logs. The API server asks the kubelet of a Pod's node for its log; the nodes of the test
 * cluster have none, so a test makes a Node of its own that leads here, and says what each container wrote.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { callApi } from './call-api.ts';
import type { TestCluster } from './test-cluster.ts';

export interface StandInKubelet {
  /** For `spec.nodeName`. */
  readonly node: string;
  /** What it was asked, as the API server asks: `/containerLogs/<namespace>/<pod>/<container>?tailLines=...`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Answers with `logOf(container, previous)`; undefined: it has no such log. */
export async function startStandInKubelet(
  cluster: TestCluster,
  node: string,
  logOf: (container: string, isPrevious: boolean) => string | undefined,
): Promise<StandInKubelet> {
  const asked: string[] = [];
  // The API server does not look at a kubelet's certificate unless it is told an authority for them.
  const [key, cert] = await Promise.all(
    ['server.key', 'server.crt'].map((file) => readFile(join(cluster.dataDir, file))),
  );
  const server = createServer({ ...(key && { key }), ...(cert && { cert }) }, (request, response) => {
    const url = new URL(request.url ?? '/', 'https://kubelet');
    asked.push(url.pathname + url.search);
    const log = logOf(url.pathname.split('/').at(-1) ?? '', url.searchParams.get('previous') === 'true');
    const tail = Number(url.searchParams.get('tailLines') ?? Number.POSITIVE_INFINITY);
    response.writeHead(log === undefined ? 400 : 200, { 'content-type': 'text/plain' });
    const lines = (log ?? 'previous terminated container not found\n').split('\n');
    response.end(lines.slice(-(tail + 1)).join('\n'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const Port = typeof address === 'object' && address !== null ? address.port : 0;
  const status = {
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port } },
  };
  const metadata = { name: node };
  const made = await callApi(cluster, { method: 'POST', path: '/api/v1/nodes', body: { metadata } });
  if (made.status !== 201) throw new Error(`the node was not made: ${JSON.stringify(made.body)}`);
  const contentType = 'application/merge-patch+json';
  const path = `/api/v1/nodes/${node}/status`;
  const patched = await callApi(cluster, { method: 'PATCH', path, contentType, body: { status } });
  if (patched.status !== 200) throw new Error(`the node has no status: ${JSON.stringify(patched.body)}`);
  return {
    node,
    asked,
    async close() {
      await callApi(cluster, { method: 'DELETE', path: `/api/v1/nodes/${node}` });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
