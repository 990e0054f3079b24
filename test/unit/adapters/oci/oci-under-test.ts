/** Registries that tests read, and who reads them. */
import assert from 'node:assert/strict';
import { secretCredentials } from '../../../../shared/adapters/git-http/git-credentials.ts';
import { parseOciAddress } from '../../../../shared/adapters/oci/oci-address.ts';
import { OciSource } from '../../../../shared/adapters/oci/oci-source.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import { tarGzOf } from '../../../registry/pack.ts';

export const USER = { user: 'ana', password: 'a secret of Ana' };
export const BASIC = `Basic ${Buffer.from(`${USER.user}:${USER.password}`).toString('base64')}`;
const FLUX = 'application/vnd.cncf.flux.content.v1.tar+gzip';
export const LAYERS = [{ mediaType: FLUX, content: tarGzOf({ 'a.yaml': 'a: 1\n' }) }];

export function described() {
  return { mediaType: FLUX, digest: `sha256:${'0'.repeat(64)}`, size: 1 };
}

export const ana = secretCredentials('ana', async () => `${USER.user}:${USER.password}`);
export const stranger = secretCredentials('stranger', async () => 'ana:wrong');

export function sourceAt(host: string, credentials?: typeof ana) {
  const limits = { retryWaitsMs: [1, 1], silenceMs: 120_000 };
  return new OciSource({ address: parseOciAddress(`oci://${host}/apps/web`), credentials, limits });
}

export async function filesAt(host: string, credentials?: typeof ana): Promise<readonly string[]> {
  const source = sourceAt(host, credentials);
  const snapshot = await source.snapshot((await source.resolve('v1')).revision);
  return (await snapshot.list('')).map(({ path }) => path);
}

export async function complaint(host: string, credentials?: typeof ana): Promise<string> {
  const error = await filesAt(host, credentials).catch((caught: unknown) => caught);
  assert.ok(error instanceof PlumblineError, String(error));
  assert.doesNotMatch(error.message, /secret of Ana|wrong|Basic|Bearer [A-Za-z0-9]/);
  return `${error.code} ${error.message}`.replaceAll(host, 'HOST');
}
