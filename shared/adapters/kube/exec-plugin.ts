/**
 * client-node's exec authentication, with what it leaves out of the protocol: KUBERNETES_EXEC_INFO, a command given as
 * a path relative to the kubeconfig, a time limit, a closed stdin.
 * Source: kubernetes.io, "client-go credential plugins", v1.36.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { User } from '@kubernetes/client-node/dist/config_types.js';
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js';
import type { KubeconfigContext } from './kubeconfig-file.ts';

/** A plugin that waits for a person must not hold a run for ever. */
const TIMEOUT_MS = 60_000;
const LONGEST_REASON = 300;

/** Returns the context's user with a plugin that can be started from anywhere and is told what it is asked. */
export function bindExecPlugin({ user, cluster }: KubeconfigContext): User {
  const { exec } = user.value;
  const { server, caData, skipTLSVerify, tlsServerName, proxyUrl } = cluster.value;
  const request = {
    apiVersion: exec.apiVersion ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(exec.provideClusterInfo && {
        cluster: {
          server,
          'certificate-authority-data': caData ?? undefined,
          'insecure-skip-tls-verify': skipTLSVerify || undefined,
          'tls-server-name': tlsServerName ?? undefined,
          'proxy-url': proxyUrl ?? undefined,
        },
      }),
    },
  };
  const command = String(exec.command);
  return {
    ...user.value,
    exec: {
      ...exec,
      command: command.includes('/') ? resolve(user.folder, command) : command,
      env: [...(exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(request) }],
    },
  };
}

/** Returns an authenticator that keeps what a plugin gave until it expires. */
export function createExecAuth(): ExecAuth {
  const auth = new ExecAuth();
  // client-node keeps its spawn function in this property; its own has no time limit and leaves stdin open.
  Object.assign(auth, {
    execFn: (command: string, args: readonly string[] = [], options: object = {}) =>
      spawn(command, args, {
        ...options,
        stdio: ['ignore', 'pipe', 'pipe'],
        // Not `timeout`: its timer outlives a command that could not be started, and holds the process.
        signal: AbortSignal.timeout(TIMEOUT_MS),
        killSignal: 'SIGKILL',
      }),
  });
  return auth;
}

/** Returns what a plugin said, in one line. The text of a JSON error would quote its output, and with it the token. */
export function reasonOfExecFailure(error: unknown): string {
  if (error instanceof SyntaxError) return 'it printed no JSON';
  if (error instanceof Error && error.name === 'AbortError') return `it did not end within ${TIMEOUT_MS / 1_000} s`;
  if (error instanceof TypeError) return 'it printed no ExecCredential with a status';
  const said = error instanceof Error ? error.message.trim().replaceAll(/\s+/g, ' ') : '';
  return said === '' ? 'it said nothing' : said.slice(-LONGEST_REASON);
}
