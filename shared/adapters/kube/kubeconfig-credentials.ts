/**
 * Credentials of a kubeconfig user: token, token file, client certificate, exec plugin (client-node's, which keeps
 * what a plugin gave until it expires) or OIDC. What kubectl itself gave up (passwords, the gcp and azure providers)
 * is refused with the way out.
 */
import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { resolve } from 'node:path';
import type { User } from '@kubernetes/client-node/dist/config_types.js';
import { PlumblineError } from '../../errors.ts';
import type { CredentialSource, Credentials } from '../../job/cluster-provider.ts';
import type { ErrorCode } from '../../model/problem.ts';
import { bindExecPlugin, createExecAuth, reasonOfExecFailure } from './exec-plugin.ts';
import type { KubeconfigContext } from './kubeconfig-file.ts';

/** What an authenticator of client-node fills in. */
type GrantedOptions = RequestOptions & { readonly headers: Record<string, string> };

interface Authenticator {
  applyAuthentication(user: User, options: RequestOptions): Promise<void>;
}

/**
 * Returns the credentials of the context's user, read when asked for.
 *
 * @throws {ConfigInvalid} when the user can only log in by a way that is not supported.
 */
export function createKubeconfigCredentials(subject: string, context: KubeconfigContext): CredentialSource {
  const user = context.user.value;
  refuseUnsupported(subject, user);
  const authenticate = createAuthenticate(subject, context);
  return {
    renewable: authenticate !== undefined || context.user.tokenFile !== undefined,
    read: async ({ fresh }) => {
      const fixed = await readFixed(subject, context);
      const granted = await authenticate?.(fresh);
      return { ...fixed, ...granted, headers: { ...fixed.headers, ...granted?.headers } };
    },
  };
}

function refuseUnsupported(subject: string, user: User): void {
  const refuse = (wrong: string, remedy: string) => problem('ConfigInvalid', subject, wrong, remedy);
  if (user.username || user.password) {
    throw refuse(
      `user ${user.name} logs in by password, which no Kubernetes since 1.19 accepts`,
      'use a token, a client certificate or an exec plugin',
    );
  }
  const provider: unknown = user.authProvider?.name;
  if (user.authProvider && provider !== 'oidc') {
    throw refuse(
      `user ${user.name} logs in by auth-provider ${String(provider)}, which kubectl has removed`,
      'use an exec plugin of the provider',
    );
  }
}

async function readFixed(subject: string, { user }: KubeconfigContext): Promise<Credentials> {
  const { value, folder, tokenFile } = user;
  const read = (path: string) => readCredentialFile(subject, resolve(folder, path));
  const token = value.token || (tokenFile === undefined ? undefined : (await read(tokenFile)).toString('utf8').trim());
  const certificate = value.certData ? Buffer.from(value.certData, 'base64') : value.certFile && read(value.certFile);
  const key = value.keyData ? Buffer.from(value.keyData, 'base64') : value.keyFile && read(value.keyFile);
  return {
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(value.impersonateUser ? { 'impersonate-user': value.impersonateUser } : {}),
    },
    ...(certificate ? { certificate: await certificate } : {}),
    ...(key ? { key: await key } : {}),
  };
}

/** Returns the bytes of a file that a kubeconfig names. @throws {ConfigInvalid} */
export async function readCredentialFile(subject: string, path: string): Promise<Buffer> {
  return await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw problem('ConfigInvalid', subject, `${path} cannot be read (${error.code})`, 'check the kubeconfig', error);
  });
}

function createAuthenticate(
  subject: string,
  context: KubeconfigContext,
): ((fresh: boolean) => Promise<Credentials>) | undefined {
  const user = context.user.value;
  if (!user.exec && !user.authProvider) return undefined;
  const bound = user.exec ? bindExecPlugin(context) : user;
  const way = user.exec ? `exec plugin ${String(user.exec.command)}` : 'auth-provider oidc';
  let authenticator: Authenticator | undefined;
  return async (fresh) => {
    if (fresh || authenticator === undefined) authenticator = user.exec ? createExecAuth() : await createOidcAuth();
    const options: GrantedOptions = { headers: {} };
    try {
      await authenticator.applyAuthentication(bound, options);
    } catch (error) {
      authenticator = undefined;
      throw problem(
        'CredentialsExpired',
        subject,
        `${way} failed: ${reasonOfExecFailure(error)}`,
        remedyFor(context.name),
        error,
      );
    }
    const granted = readGranted(options);
    if (granted !== undefined) return granted;
    throw problem('CredentialsExpired', subject, `${way} gave no credentials`, remedyFor(context.name));
  };
}

function readGranted({ headers, cert, key }: GrantedOptions): Credentials | undefined {
  const { Authorization: authorization } = headers;
  if (authorization === undefined && !cert) return undefined;
  return {
    headers: authorization === undefined ? {} : { authorization },
    ...(cert ? { certificate: String(cert) } : {}),
    ...(key ? { key: String(key) } : {}),
  };
}

/** Imported when needed: it costs 450 ms. */
async function createOidcAuth(): Promise<Authenticator> {
  const { OpenIDConnectAuth } = await import('@kubernetes/client-node/dist/oidc_auth.js');
  return new OpenIDConnectAuth();
}

function remedyFor(context: string): string {
  return `log in again, then try: kubectl --context ${context} get --raw /version`;
}

function problem(code: ErrorCode, subject: string, wrong: string, remedy: string, cause?: unknown): PlumblineError {
  return new PlumblineError([{ code, subject, act: 'read credentials', wrong, remedy }], { cause });
}
