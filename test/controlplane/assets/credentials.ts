import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueCertificate } from './certificate.ts';
import { ensureFile } from './data-dir.ts';

/** The administrator; the controllers use the same token, with a user agent of their own. */
const ADMIN = 'admin';
const SYSTEM_MASTERS = 'system:masters';

export interface Credentials {
  readonly token: string;
  readonly ca: string;
  readonly adminCertificate: string;
  readonly adminKey: string;
}

/** Writes certificates, keys and the token file into the directory; what stands there from an earlier run is kept. */
export async function ensureCredentials(dir: string, furtherTokens: readonly string[]): Promise<Credentials> {
  if (!existsSync(join(dir, 'service-account.key'))) {
    await writeCertificates(dir);
  }
  const token = await ensureFile(join(dir, 'token'), () => randomBytes(24).toString('hex'));
  const lines = [tokenLine(token, ADMIN, SYSTEM_MASTERS), ...furtherTokens.map(parseToken)];
  await writeFile(join(dir, 'tokens.csv'), lines.join(''), { mode: 0o600 });
  const read = (name: string) => readFile(join(dir, name), 'utf8');
  return {
    token,
    ca: await read('ca.crt'),
    adminCertificate: await read('admin.crt'),
    adminKey: await read('admin.key'),
  };
}

async function writeCertificates(dir: string): Promise<void> {
  const ca = issueCertificate({ commonName: 'plumbline test control plane' }, 'authority');
  const admin = { commonName: 'admin-by-certificate', organization: SYSTEM_MASTERS };
  const certificates = {
    ca,
    server: issueCertificate({ commonName: 'kube-apiserver' }, 'server', ca),
    admin: issueCertificate(admin, 'client', ca),
  };
  for (const [name, { certificate, key }] of Object.entries(certificates)) {
    await writeFile(join(dir, `${name}.crt`), certificate, { mode: 0o600 });
    await writeFile(join(dir, `${name}.key`), key, { mode: 0o600 });
  }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = String(privateKey.export({ type: 'sec1', format: 'pem' }));
  await writeFile(join(dir, 'service-account.key'), pem, { mode: 0o600 });
}

/** Reads `NAME=TOKEN[:GROUP[,GROUP]]`. */
function parseToken(text: string): string {
  const [, name, token, groups = ''] = /^([^=]+)=([^:]+)(?::(.*))?$/.exec(text) ?? [];
  if (name === undefined || token === undefined) {
    throw new Error('--token: NAME=TOKEN[:GROUP[,GROUP]] is expected');
  }
  return tokenLine(token, name, groups);
}

function tokenLine(token: string, user: string, groups: string): string {
  return `${token},${user},${user},"${groups}"\n`;
}

/** Writes a kubeconfig with a context for the token and one for the client certificate. JSON is YAML. */
export async function writeKubeconfig(path: string, name: string, server: string, from: Credentials): Promise<void> {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const certificate = {
    'client-certificate-data': base64(from.adminCertificate),
    'client-key-data': base64(from.adminKey),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(from.ca) } }],
    users: [
      { name, user: { token: from.token } },
      { name: `${name}-cert`, user: certificate },
    ],
    contexts: [
      { name, context: { cluster: name, user: name } },
      { name: `${name}-cert`, context: { cluster: name, user: `${name}-cert` } },
    ],
  };
  await writeFile(path, JSON.stringify(config, undefined, 2), { mode: 0o600 });
}
