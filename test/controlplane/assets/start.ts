/**
 * Stands in for `controlplane start` when someone brings the binaries (KUBEBUILDER_ASSETS): the same flags, the same
 * ready line, the same end when standard input closes. There are no nodes here, so Pods stay pending.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { callApi } from '../call-api.ts';
import type { ReadyLine } from '../test-cluster.ts';
import { type Component, hasControllers, startComponents, stopComponents } from './components.ts';
import { ensureCredentials, writeKubeconfig } from './credentials.ts';
import { ensureFile, openDataDir } from './data-dir.ts';

const READY_TIMEOUT_MS = 120_000;
const READY_INTERVAL_MS = 50;
const PORT_ATTEMPTS = 5;

const { values: flags } = parseArgs({
  options: {
    assets: { type: 'string', default: '' },
    name: { type: 'string', default: 'plumbline-test' },
    controllers: { type: 'string', default: 'true' },
    nodes: { type: 'string' },
    port: { type: 'string', default: '0' },
    'data-dir': { type: 'string' },
    token: { type: 'string', multiple: true, default: [] },
    'apiserver-flag': { type: 'string', multiple: true, default: [] },
  },
});

const asked = new Promise<void>((stop) => {
  process.stdin.resume().once('end', stop).once('close', stop);
  process.once('SIGTERM', stop).once('SIGINT', stop);
});
const dir = await openDataDir(flags['data-dir'], flags.name);
let running: readonly Component[] = [];
try {
  const line = await startOnSomePort();
  process.stdout.write(`${JSON.stringify(line)}\n`);
  await Promise.race([asked, failWhenOneEnds(running)]);
} catch (error) {
  process.stderr.write(`control plane ${flags.name}: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  await stopComponents(running);
  await dir.release();
  // Whatever still waits for the cluster to become ready waits in vain.
  process.exit();
}

/** A free port may be taken before the API server opens it: then another one is tried. */
async function startOnSomePort(): Promise<ReadyLine> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOn(Number(flags.port) || (await rememberedPort()) || (await findFreePort()));
    } catch (error) {
      const log = await readFile(join(dir.path, 'kube-apiserver.log'), 'utf8').catch(() => '');
      if (attempt === PORT_ATTEMPTS || !log.includes('address already in use')) {
        throw error;
      }
      await stopComponents(running);
    }
  }
}

async function startOn(port: number): Promise<ReadyLine> {
  const server = `https://127.0.0.1:${port}`;
  const credentials = await ensureCredentials(dir.path, flags.token);
  const kubeconfig = join(dir.path, 'kubeconfig');
  await writeKubeconfig(kubeconfig, flags.name, server, credentials);
  running = startComponents({
    assetsDir: flags.assets,
    dataDir: dir.path,
    port,
    controllers: flags.controllers !== 'false' && hasControllers(flags.assets),
    apiserverFlags: flags['apiserver-flag'],
  });
  const access = { server, caFile: join(dir.path, 'ca.crt'), token: credentials.token };
  const stopped = asked.then(() => {
    throw new Error('stopped before it was ready');
  });
  await Promise.race([waitUntilReady(access), failWhenOneEnds(running), stopped]);
  const { gitVersion } = (await callApi(access, { path: '/version' })).body as { gitVersion: string };
  await ensureFile(join(dir.path, 'port'), () => String(port));
  return {
    ...access,
    name: flags.name,
    kubeconfig,
    context: flags.name,
    auditLog: join(dir.path, 'audit.log'),
    dataDir: dir.path,
    pid: process.pid,
    version: gitVersion,
    nodes: 0,
  };
}

async function rememberedPort(): Promise<number> {
  return Number(await readFile(join(dir.path, 'port'), 'utf8').catch(() => '0'));
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function waitUntilReady(access: { server: string; caFile: string; token: string }): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (const path of ['/readyz', '/api/v1/namespaces/kube-system', '/api/v1/namespaces/default']) {
    while ((await callApi(access, { path }).catch(() => undefined))?.status !== 200) {
      if (Date.now() > deadline) {
        throw new Error(`${path} is not there after ${READY_TIMEOUT_MS / 1000} s`);
      }
      await delay(READY_INTERVAL_MS);
    }
  }
}

async function failWhenOneEnds(components: readonly Component[]): Promise<never> {
  const ends = components.map(async ({ name, child }) => ({ name, code: (await once(child, 'exit'))[0] as unknown }));
  const { name, code } = await Promise.race(ends);
  const log = await readFile(join(dir.path, `${name}.log`), 'utf8').catch(() => '');
  throw new Error(`${name} ended (${code}):\n${log.trim().split('\n').slice(-8).join('\n')}`);
}
