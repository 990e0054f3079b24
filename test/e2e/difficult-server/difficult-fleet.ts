/** A fleet whose way to its cluster leads through the difficult server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatProblem } from '../../../shared/model/problem.ts';
import { sharedCluster } from '../../controlplane/shared-cluster.ts';
import { type FleetUnderTest, fleetUnderTest } from '../reconcile/fleet-under-test.ts';
import { type DifficultServer, type SeenRequest, startDifficultServer } from './difficult-server.ts';

export interface DifficultFleet extends FleetUnderTest {
  readonly server: DifficultServer;
  /** Says that application `web` consists of these objects; all of what it had may go. */
  wantWeb(...objects: readonly string[]): Promise<void>;
  /** How the cluster stands, problems as people read them. */
  report(): Promise<{ readonly sync: string; readonly problems: readonly string[] }>;
  /** Tells of each ConfigMap whether it is there. */
  areThere(...names: readonly string[]): Promise<readonly boolean[]>;
}

export async function difficultFleet(): Promise<DifficultFleet> {
  const cluster = await sharedCluster();
  const server = await startDifficultServer(cluster);
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-difficult-'));
  const path = join(folder, 'kubeconfig');
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'front', cluster: { server: server.url } }],
    users: [{ name: 'admin', user: { token: cluster.token } }],
    contexts: [{ name: 'front', context: { cluster: 'front', user: 'admin' } }],
  };
  writeFileSync(path, JSON.stringify(kubeconfig), { mode: 0o600 });
  const fleet = await fleetUnderTest({ kubeconfig: { path, context: 'front' } });
  return Object.assign(fleet, {
    server,
    wantWeb: (...objects: readonly string[]) =>
      fleet.want({ web: { objects: objects.join(''), settings: { sync: { pruneLimit: '100%' } } } }),
    report: async () => {
      const { sync, problems } = await fleet.status();
      return { sync, problems: problems.map((problem) => `${problem.code}: ${formatProblem(problem)}`) };
    },
    areThere: (...names: readonly string[]) => {
      const { namespace } = fleet;
      const read = (name: string) => fleet.read({ group: '', kind: 'ConfigMap', namespace, name });
      return Promise.all(names.map(async (name) => (await read(name)) !== undefined));
    },
    close: closing(fleet.close, async () => {
      await server.stop();
      rmSync(folder, { recursive: true });
    }),
  });
}

function closing(first: () => Promise<void>, then: () => Promise<void>) {
  return async () => {
    await first();
    await then();
  };
}

/** Tells whether a request changes something about the object of that name. */
export function writesTo(name: string): (request: SeenRequest) => boolean {
  return ({ method, path }) => method !== 'GET' && path.split('?')[0]?.endsWith(`/${name}`) === true;
}

/** Returns a filter that lets the first match pass alone. */
export function once(matches: (request: SeenRequest) => boolean): (request: SeenRequest) => boolean {
  let isOver = false;
  return (request) => {
    if (isOver || !matches(request)) return false;
    isOver = true;
    return true;
  };
}

let round = 0;

/** Returns names that no other test has. */
export function freshNames<const Words extends readonly string[]>(...words: Words): { [I in keyof Words]: string } {
  round += 1;
  return words.map((word) => `${word}-${round}`) as { [I in keyof Words]: string };
}
