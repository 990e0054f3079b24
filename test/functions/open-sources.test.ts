/** What the planner opens for a Repository of the kinds helm and oci, with secrets as they are in AWS. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { openSources } from '../../functions/base/open-sources.ts';
import { SecretReader } from '../../shared/adapters/secrets-manager/secret-reader.ts';
import { readFunctionSettings } from '../../shared/config/function-settings.ts';
import { FUNCTION_VARIABLES } from '../../shared/config/names.ts';
import type { RepositoryDeclaration } from '../../shared/model/declarations.ts';
import { type Moto, startMoto } from '../aws/moto.ts';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { goIsMissing } from '../registry/build-registry.ts';
import { type FileServer, startFileServer } from '../registry/file-server.ts';
import { tarGzOf } from '../registry/pack.ts';
import { pushArtifact } from '../registry/push-artifact.ts';
import { type Registry, startRegistry } from '../registry/start-registry.ts';

const USER = { user: 'ana', password: 'a secret' };
const BASIC = `Basic ${Buffer.from(`${USER.user}:${USER.password}`).toString('base64')}`;

describe('the planner opens Repositories with secrets that the settings name', {
  skip: pythonIsMissing || goIsMissing,
}, () => {
  let moto: Moto;
  let registry: Registry;
  let server: FileServer;
  let client: SecretsManagerClient;
  let sources: ReturnType<typeof openSources>;
  before(async () => {
    [moto, registry, server] = [
      await startMoto(),
      await startRegistry({ kind: 'basic', ...USER }),
      await startFileServer({ authorization: BASIC }),
    ];
    const { region, url: endpoint, credentials } = moto;
    client = new SecretsManagerClient({ region, endpoint, credentials });
    const secret = { Name: 'registry', SecretString: JSON.stringify({ username: USER.user, password: USER.password }) };
    const { ARN: arn } = await client.send(new CreateSecretCommand(secret));
    const settings = readFunctionSettings({
      [FUNCTION_VARIABLES.fleet]: 'prod',
      [FUNCTION_VARIABLES.gitSecrets]: JSON.stringify({ registry: arn }),
    });
    sources = openSources(settings, { git: { url: 'https://git.example.com/fleet.git' } }, new SecretReader(client));
    server.files.set('index.yaml', 'entries: {db: [{version: 1.0.0, urls: [db.tgz]}]}');
    const content = tarGzOf({ 'a.yaml': 'a: 1\n' });
    const layers = [{ mediaType: 'application/vnd.cncf.flux.content.v1.tar+gzip', content }];
    await pushArtifact({ host: registry.host, authorization: BASIC }, { repository: 'web', tag: '1.0.0', layers });
  });
  after(async () => {
    client.destroy();
    await registry.close();
    await server.close();
    await moto.stop();
  });

  const repository = (spec: RepositoryDeclaration['spec']) =>
    ({ apiVersion: 'plumbline.dev/v1', kind: 'Repository', metadata: { name: 'other' }, spec }) as const;
  const oci = (credentials: string) => repository({ oci: { url: `oci://${registry.host}/web`, credentials } });
  const helm = (credentials: string) => repository({ helm: { url: server.url, credentials } });

  it('artifacts and charts', async () => {
    assert.match((await sources.open(oci('registry')).resolve('1.x')).revision, /^[0-9a-f]{64}$/);
    assert.equal((await sources.charts?.open(helm('registry')).find('db', '*'))?.version, '1.0.0');
  });

  it('and no others, nor files by path of a chart repository', () => {
    assert.throws(() => sources.open(oci('other')), /credentials "other" are the name of no secret/);
    assert.throws(() => sources.charts?.open(helm('other')), /credentials "other" are the name of no secret/);
    assert.throws(
      () => sources.open(helm('registry')),
      /Repository other: .*it is a chart repository, which has no files by path/,
    );
    assert.throws(
      () => sources.charts?.open(repository({ directory: { path: '.' } })),
      /Repository other: .*it is of a kind that holds no charts by name/,
    );
  });
});
