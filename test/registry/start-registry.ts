/** A real registry on this machine (distribution's), which ends with this process. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { buildRegistry } from './build-registry.ts';
import type { TokenServer } from './token-server.ts';

export interface Registry {
  /** `127.0.0.1:port` */
  readonly host: string;
  close(): Promise<void>;
}

export type RegistryAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'token'; readonly server: TokenServer };

const START_LIMIT_MS = 120_000;

export async function startRegistry(auth: RegistryAuth = { kind: 'none' }): Promise<Registry> {
  const binary = await buildRegistry();
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-registry-'));
  const port = await freePort();
  const config = {
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { inmemory: {} },
    http: { addr: `127.0.0.1:${port}`, secret: 'a secret of tests' },
    ...(await authOf(auth, { folder, binary })),
  };
  await writeFile(join(folder, 'config.yml'), JSON.stringify(config));
  const child = spawn(binary, ['serve', join(folder, 'config.yml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { OTEL_TRACES_EXPORTER: 'none' },
  });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-4_000);
  });
  const host = `127.0.0.1:${port}`;
  const deadline = Date.now() + START_LIMIT_MS;
  while ((await fetch(`http://${host}/v2/`).catch(() => undefined)) === undefined) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the registry does not start: ${said}`);
    await pause(50);
  }
  return {
    host,
    close: async () => {
      process.off('exit', end);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function authOf(auth: RegistryAuth, { folder, binary }: { readonly folder: string; readonly binary: string }) {
  if (auth.kind === 'none') return {};
  if (auth.kind === 'basic') {
    const path = join(folder, 'htpasswd');
    const { stdout } = await promisify(execFile)(binary, ['htpasswd', auth.user, auth.password]);
    await writeFile(path, stdout);
    return { auth: { htpasswd: { realm: 'tests', path } } };
  }
  const jwks = join(folder, 'jwks.json');
  await writeFile(jwks, JSON.stringify(auth.server.jwks));
  const { url, service, issuer } = auth.server;
  return { auth: { token: { realm: `${url}/token`, service, issuer, jwks, signingalgorithms: ['ES256'] } } };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
