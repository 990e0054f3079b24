/** Who we say we are to a Git server. Values live in the header of one request and in no message. */
import { PlumblineError } from '../../errors.ts';
import { isJsonObject } from '../../model/json.ts';

export interface GitCredentials {
  /**
   * Returns the value of the `Authorization` header; undefined: none is sent. `refused`: the server did not accept the
   * last one, so an answer from a cache is no use.
   */
  authorization(request: { readonly url: URL; readonly refused: boolean }): Promise<string | undefined>;
}

export const NO_CREDENTIALS: GitCredentials = { authorization: async () => undefined };

/**
 * Returns credentials read from a secret: `user:password`, or JSON with `username` and `password`, with `token` (sent as
 * a password, as GitHub, GitLab, Gitea and Azure DevOps take it; Bitbucket Cloud wants a user name of its own), or with
 * `bearer` (HTTP access tokens of Bitbucket Data Center).
 *
 * @param readSecret `fresh`: not from a cache.
 */
export function secretCredentials(
  name: string,
  readSecret: (options: { readonly fresh: boolean }) => Promise<string>,
): GitCredentials {
  return {
    authorization: async ({ url, refused }) => authorizationOf(name, await readSecret({ fresh: refused }), url),
  };
}

function authorizationOf(name: string, secret: string, url: URL): string {
  const text = secret.trim();
  if (!text.startsWith('{')) return text.includes(':') ? basic(text) : fail(name, 'has no ":"');
  const fields = parseFields(name, text);
  const field = (key: string): string | undefined => {
    const value = fields[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const bearer = field('bearer');
  if (bearer !== undefined) return `Bearer ${bearer}`;
  const token = field('token');
  if (token !== undefined) return basic(`${field('username') ?? tokenUser(url)}:${token}`);
  const username = field('username');
  const password = field('password');
  if (username === undefined || password === undefined) return fail(name, 'has none of the fields that are known');
  return basic(`${username}:${password}`);
}

/** Any name will do for most servers; where one matters it is these. Source: the servers' pages on access tokens. */
function tokenUser({ hostname }: URL): string {
  return hostname === 'bitbucket.org' ? 'x-token-auth' : 'x-access-token';
}

function parseFields(name: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isJsonObject(parsed)) return parsed;
  } catch {
    // Not passed on as a cause: the parser quotes the text.
  }
  return fail(name, 'is no JSON object');
}

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function fail(name: string, wrong: string): never {
  throw new PlumblineError([
    {
      code: 'CredentialsExpired',
      subject: `secret ${name}`,
      act: 'read credentials',
      wrong: `it ${wrong}`,
      remedy: 'store "user:password", or JSON with username and password, with token, or with bearer',
    },
  ]);
}
