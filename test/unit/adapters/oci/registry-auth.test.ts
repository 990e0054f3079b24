import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { secretCredentials } from '../../../../shared/adapters/git-http/git-credentials.ts';
import { parseOciAddress } from '../../../../shared/adapters/oci/oci-address.ts';
import { OciSource } from '../../../../shared/adapters/oci/oci-source.ts';
import { goIsMissing } from '../../../registry/build-registry.ts';
import { type PushTarget, pushArtifact } from '../../../registry/push-artifact.ts';
import { type Registry, startRegistry } from '../../../registry/start-registry.ts';
import { startTokenServer, type TokenServer } from '../../../registry/token-server.ts';

import { ana, BASIC, complaint, filesAt, LAYERS, stranger, USER } from './oci-under-test.ts';

describe('a registry with users of its own', { skip: goIsMissing }, () => {
  let registry: Registry;
  before(async () => {
    registry = await startRegistry({ kind: 'basic', ...USER });
    const target = { host: registry.host, authorization: BASIC };
    await pushArtifact(target, { repository: 'apps/web', tag: 'v1', layers: LAYERS });
  });
  after(() => registry.close());

  it('is read with the credentials of the Repository', async () => {
    assert.deepEqual(await filesAt(registry.host, ana), ['a.yaml']);
  });

  it('refuses others, and we say what to do', async () => {
    assert.equal(
      await complaint(registry.host),
      'SourceNotFound oci://HOST/apps/web: read "v1": the server answers 401; it wants credentials: name a secret as "credentials" of the Repository',
    );
    assert.equal(
      await complaint(registry.host, stranger),
      'CredentialsExpired oci://HOST/apps/web: read "v1": the server answers 401 to our credentials; renew them, and allow them to read it',
    );
  });

  it('is asked again with a fresh secret once the old one is refused', async () => {
    const asked: boolean[] = [];
    const rotated = secretCredentials('rotated', async ({ fresh }) => {
      asked.push(fresh);
      return fresh ? `${USER.user}:${USER.password}` : 'ana:old';
    });

    assert.deepEqual(await filesAt(registry.host, rotated), ['a.yaml']);
    assert.ok(asked.includes(true));
  });
});

describe('a registry with a token server', { skip: goIsMissing }, () => {
  let registry: Registry;
  let tokens: TokenServer;
  before(async () => {
    tokens = await startTokenServer({ ...USER, open: ['apps/open'] });
    registry = await startRegistry({ kind: 'token', server: tokens });
    for (const repository of ['apps/web', 'apps/open']) {
      const scope = `repository:${repository}:pull,push`;
      const answer = await fetch(`${tokens.url}/token?scope=${scope}`, { headers: { authorization: BASIC } });
      const { token } = (await answer.json()) as { readonly token: string };
      const target: PushTarget = { host: registry.host, authorization: `Bearer ${token}` };
      await pushArtifact(target, { repository, tag: 'v1', layers: LAYERS });
    }
  });
  after(async () => {
    await registry.close();
    await tokens.close();
  });

  it('is read with a token for this repository alone, asked for once', async () => {
    tokens.asked.length = 0;

    assert.deepEqual(await filesAt(registry.host, ana), ['a.yaml']);
    assert.deepEqual(tokens.asked, [{ scope: 'repository:apps/web:pull', user: 'ana' }]);
  });

  it('lets anyone pull what is open, by a token for nobody', async () => {
    const source = new OciSource({ address: parseOciAddress(`oci://${registry.host}/apps/open`) });

    assert.match((await source.resolve('v1')).revision, /^[0-9a-f]{64}$/);
  });

  it('refuses others, and we say what to do', async () => {
    assert.match(await complaint(registry.host), /^SourceNotFound .*answers 401; it wants credentials/);
    assert.match(
      await complaint(registry.host, stranger),
      /^CredentialsExpired .*the token server 127.0.0.1:\d+ answers 401 to our credentials/,
    );
  });
});
