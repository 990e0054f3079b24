/** The token server of a registry: basic credentials in, a signed token for a scope out. */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';

export interface TokenServer {
  readonly url: string;
  readonly service: string;
  readonly issuer: string;
  readonly jwks: unknown;
  /** One a request: the scopes, and who asked ('' for nobody). */
  readonly asked: { readonly scope: string; readonly user: string }[];
  close(): Promise<void>;
}

interface Scope {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

export interface TokenOptions {
  readonly user: string;
  readonly password: string;
  /** Repositories that anyone may pull. Default: none. */
  readonly open?: readonly string[];
  readonly lifeSeconds?: number;
}

const SERVICE = 'registry of tests';
const ISSUER = 'issuer of tests';

export async function startTokenServer({
  user,
  password,
  open = [],
  lifeSeconds = 300,
}: TokenOptions): Promise<TokenServer> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = 'tests';
  const asked: { scope: string; user: string }[] = [];
  const right = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const tokenFor = (scopes: readonly Scope[]): string => {
    const now = Math.floor(Date.now() / 1_000);
    const times = { iat: now, nbf: now - 60, exp: now + lifeSeconds };
    const claims = { iss: ISSUER, sub: user, aud: SERVICE, jti: randomUUID(), ...times, access: scopes };
    const text = [{ typ: 'JWT', alg: 'ES256', kid }, claims].map(encode).join('.');
    const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  };
  const server = createServer((request, response) => {
    const { searchParams } = new URL(`${request.url}`, 'http://localhost');
    const scope = searchParams.getAll('scope').join(' ');
    const { authorization } = request.headers;
    asked.push({ scope, user: authorization === right ? user : '' });
    if (authorization !== undefined && authorization !== right) {
      response.writeHead(401).end('{"details":"incorrect username or password"}');
      return;
    }
    const scopes = parseScopes(scope).filter(({ name }) => authorization === right || open.includes(name));
    response.end(JSON.stringify({ token: tokenFor(scopes), expires_in: lifeSeconds }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    service: SERVICE,
    issuer: ISSUER,
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' }] },
    asked,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function parseScopes(text: string): readonly Scope[] {
  return text.split(' ').flatMap((scope) => {
    const [, type, name, actions] = /^([^:]+):(.+):([^:]+)$/.exec(scope) ?? [];
    return type === undefined || name === undefined ? [] : [{ type, name, actions: (actions ?? '').split(',') }];
  });
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
