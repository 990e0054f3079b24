/**
 * Starts a cluster by hand and keeps it until Ctrl-C:
 * `node test/controlplane/start.ts [--name x] [--nodes n] [--no-controllers] [--port p] [--data-dir d]`.
 */
import { parseArgs } from 'node:util';
import { startCluster } from './start-cluster.ts';

const { values } = parseArgs({
  allowNegative: true,
  options: {
    name: { type: 'string', default: 'plumbline' },
    nodes: { type: 'string', default: '1' },
    controllers: { type: 'boolean', default: true },
    port: { type: 'string', default: '0' },
    'data-dir': { type: 'string' },
  },
});
const dataDir = values['data-dir'];
const cluster = await startCluster({
  name: values.name,
  nodes: Number(values.nodes),
  controllers: values.controllers,
  port: Number(values.port),
  ...(dataDir === undefined ? {} : { dataDir }),
});
process.stdout.write(`# ${cluster.name}, Kubernetes ${cluster.version}, until Ctrl-C; logs in ${cluster.dataDir}
export KUBECONFIG=${cluster.kubeconfigPath}
`);
const keepAlive = setInterval(() => {}, 2 ** 30);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await cluster.stop();
    clearInterval(keepAlive);
  });
}
