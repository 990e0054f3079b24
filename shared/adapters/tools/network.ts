/**
 * How far a tool is kept from the network. On Linux, where a user namespace may be made without privileges, it runs in a network
 * namespace without any interface: nothing gets out. Elsewhere (macOS, hardened kernels) only proxy variables point to a
 * closed port, which the Go tools honour; there what holds is that no input with a remote reference reaches them.
 */
import { spawn } from 'node:child_process';

export type NetworkIsolation = 'namespace' | 'proxy';

const UNSHARE = '/usr/bin/unshare';
const NAMESPACE_ARGUMENTS = ['--user', '--net', '--'] as const;

/** The discard port: nothing listens there, and connecting to it fails at once. */
export const CLOSED_PROXY = {
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  ALL_PROXY: 'http://127.0.0.1:9',
} as const;

let isolation: Promise<NetworkIsolation> | undefined;

/** Returns what this machine allows; tried once a process. */
export function networkIsolation(): Promise<NetworkIsolation> {
  isolation ??= tryNamespace();
  return isolation;
}

/** Returns the command that runs `command` with that isolation. */
export function isolated(
  kind: NetworkIsolation,
  command: readonly [string, ...string[]],
): readonly [string, ...string[]] {
  return kind === 'namespace' ? [UNSHARE, ...NAMESPACE_ARGUMENTS, ...command] : command;
}

function tryNamespace(): Promise<NetworkIsolation> {
  if (process.platform !== 'linux') return Promise.resolve('proxy');
  return new Promise((resolve) => {
    const probe = spawn(UNSHARE, [...NAMESPACE_ARGUMENTS, '/bin/true'], { stdio: 'ignore', env: {} });
    probe.on('error', () => resolve('proxy'));
    probe.on('exit', (code) => resolve(code === 0 ? 'namespace' : 'proxy'));
  });
}
