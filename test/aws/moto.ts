/** AWS on one machine: moto's server as a process of its own, which ends with this one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { pythonTool } from './python-tools.ts';

export interface Moto {
  /** `http://127.0.0.1:port`; give it to clients as AWS_ENDPOINT_URL or `endpoint`. */
  readonly url: string;
  readonly region: string;
  /** Its process, for whoever has to end it when this one is killed. */
  readonly pid: number;
  /** Any credentials will do; with these, moto's account is 123456789012. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Forgets everything. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** So long a busy machine may take to load it. */
const START_LIMIT_MS = 120_000;
const START_TRIES = 3;
const ANSWER_LIMIT_MS = 10_000;

/** Starts moto. Everything is in its memory: a test that resets it wants one of its own. */
export async function startMoto(): Promise<Moto> {
  const command = await pythonTool('moto_server');
  const { child, url, end } = await startServer(command);
  child.unref();
  child.stderr?.destroy();
  return {
    url,
    region: 'eu-west-1',
    pid: child.pid ?? 0,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'test' },
    reset: async () => {
      await fetch(`${url}/moto-api/reset`, { method: 'POST' });
    },
    stop: async () => {
      process.off('exit', end);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Between the choice of a port and its use another process may take it; then another one is chosen. */
async function startServer(
  command: string,
): Promise<{ readonly child: ChildProcess; readonly url: string; readonly end: () => void }> {
  for (let tries = 1; ; tries++) {
    const port = await freePort();
    const child = spawn(command, ['--host', '127.0.0.1', '--port', String(port)], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' },
    });
    const end = () => void child.kill('SIGKILL');
    process.once('exit', end);
    const url = `http://127.0.0.1:${port}`;
    try {
      await waitUntilReady(child, url);
      return { child, url, end };
    } catch (error) {
      process.off('exit', end);
      end();
      if (tries === START_TRIES) throw error;
    }
  }
}

async function waitUntilReady(child: ChildProcess, url: string): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-4_000);
  });
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    // Another process may hold the port, and say nothing.
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
    const answer = await fetch(`${url}/moto-api/data.json`, { signal }).catch(() => undefined);
    if (answer?.ok) return;
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`moto does not start: ${said}`);
    await pause(50);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
