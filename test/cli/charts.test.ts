/** Charts and artifacts as sources of applications, on one machine: from a chart repository and a real registry. */
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeRepository, type TestRepository } from '../contract/source-repository.ts';
import { runCommand } from '../e2e/cli/cli-lab.ts';
import { goIsMissing } from '../registry/build-registry.ts';
import { type FileServer, startFileServer } from '../registry/file-server.ts';
import { below, chartFiles, type HelmWorkshop, openWorkshop } from '../registry/helm-workshop.ts';
import { tarGzOf } from '../registry/pack.ts';
import { pushArtifact } from '../registry/push-artifact.ts';
import { type Registry, startRegistry } from '../registry/start-registry.ts';

const BASIC = `Basic ${Buffer.from('ana:a secret').toString('base64')}`;
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: artifact}\ndata: {k: v}\n';

describe('applications from charts and artifacts', { skip: goIsMissing }, () => {
  let registry: Registry;
  let server: FileServer;
  let shop: HelmWorkshop;
  let fleet: TestRepository;
  let removeFleet: () => Promise<void>;
  let home: string;
  before(async () => {
    registry = await startRegistry();
    server = await startFileServer({ authorization: BASIC });
    shop = await openWorkshop();
    for (const version of ['1.0.0', '1.1.0']) await publish(version);
    await shop.write(below('cache', chartFiles('cache', '3.0.0+b')));
    await shop.helm('package', 'cache', '-d', 'pushed');
    await shop.helm('push', 'pushed/cache-3.0.0+b.tgz', `oci://${registry.host}/charts`, '--plain-http');
    const layer = {
      mediaType: 'application/vnd.cncf.flux.content.v1.tar+gzip',
      content: tarGzOf({ 'deploy/a.yaml': CONFIG_MAP }),
    };
    await pushArtifact(registry, { repository: 'artifacts/web', tag: '2.3.0', layers: [layer] });
    ({ repository: fleet, remove: removeFleet } = await makeRepository());
    home = await mkdtemp(join(tmpdir(), 'plumbline-charts-'));
    await mkdir(join(home, '.config/plumbline/git'), { recursive: true });
    await writeFile(join(home, '.config/plumbline/git/ana'), 'ana:a secret');
    await chmod(join(home, '.config/plumbline/git/ana'), 0o600);
  });
  after(async () => {
    await registry.close();
    await server.close();
    await shop.remove();
    await removeFleet();
    await rm(home, { recursive: true, force: true });
  });

  const publish = async (version: string) => {
    await shop.write(below('db', chartFiles('db', version)));
    await shop.helm('package', 'db', '-d', 'packed');
    await shop.helm('repo', 'index', 'packed');
    for (const [path, content] of Object.entries(await shop.read('packed'))) {
      server.files.set(path.slice('packed/'.length), content);
    }
  };
  const declarations = (db: string) => `apiVersion: plumbline.dev/v1
kind: Repository
metadata: {name: main}
spec: {helm: {url: "${server.url}", credentials: ana}}
---
apiVersion: plumbline.dev/v1
kind: Repository
metadata: {name: registry}
spec: {oci: {url: "oci://${registry.host}/charts"}}
---
apiVersion: plumbline.dev/v1
kind: Repository
metadata: {name: artifact}
spec: {oci: {url: "oci://${registry.host}/artifacts/web"}}
---
apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: prod}
spec: {kubeconfig: {context: prod}}
---
apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: db}
spec: {clusters: {all: true}, source: {repository: main, ${db}}, render: {helm: {values: {value: inline}}}}
---
apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: cache}
spec: {clusters: {all: true}, source: {repository: registry, chart: cache}}
---
apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: artifact}
spec: {clusters: {all: true}, source: {repository: artifact, revision: 2.x, path: deploy}}
`;
  const run = (...words: readonly string[]) =>
    runCommand([...words, '--fleet', fleet.path, '--state', join(home, 'state')], {
      cwd: home,
      env: {
        ...process.env,
        HOME: home,
        XDG_CONFIG_HOME: undefined,
        XDG_STATE_HOME: undefined,
        XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
      },
    });
  const rendered = async () => {
    const { status, stdout, stderr } = await run('render', '--json');
    assert.equal(status, 0, `${stdout}${stderr}`);
    const [{ applications }] = JSON.parse(stdout).clusters;
    return (name: string): readonly unknown[] =>
      applications
        .find(({ application }: { readonly application: string }) => application === name)
        .objects.map(({ object }: { readonly object: { readonly data: unknown } }) => object.data);
  };

  it('are rendered, each at the version that its range means', async () => {
    await fleet.commit('charts', { 'plumbline/all.yaml': declarations('chart: db, revision: 1.x') });

    const data = await rendered();

    assert.deepEqual(data('db'), [{ version: '1.1.0', value: 'inline', files: 'of db' }]);
    assert.deepEqual(data('cache'), [{ version: '3.0.0+b', value: 'default', files: 'of cache' }]);
    assert.deepEqual(data('artifact'), [{ k: 'v' }]);
  });

  it('take a new version of their range as soon as it is published', async () => {
    await publish('1.2.0');

    assert.deepEqual((await rendered())('db'), [{ version: '1.2.0', value: 'inline', files: 'of db' }]);
  });

  it('show neither values nor anything of ours to the chart', async () => {
    const listing =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: files}\ndata: {files: "{{ range $path, $_ := .Files.Glob "**" }}{{ $path }} {{ end }}"}\n';
    await shop.write({ 'db/templates/files.yaml': listing });
    await publish('1.3.0');

    assert.deepEqual((await rendered())('db').at(0), { files: 'note.txt ' });
  });

  it('that cannot be had keep nobody else from being rendered, and the error says why', async () => {
    await fleet.commit('wrong', { 'plumbline/all.yaml': declarations('chart: db, revision: 9.x') });

    const { status, stdout, stderr } = await run('validate');

    const said = `${stdout}${stderr}`.replaceAll(/\s+/g, ' ');
    assert.equal(status, 1);
    assert.match(
      said,
      /find chart db "9.x": no version is it or lies in it; the newest are 1.3.0, 1.2.0, 1.1.0, 1.0.0/,
    );
    assert.doesNotMatch(said, /cache|artifacts\/web|a secret/);
  });

  it('are no files by path where the Repository holds charts, and the error says so', async () => {
    await fleet.commit('path', { 'plumbline/all.yaml': declarations('path: db') });

    const { stdout, stderr } = await run('validate');

    assert.match(
      `${stdout}${stderr}`.replaceAll(/\s+/g, ' '),
      /it is a chart repository, which has no files by path to do name one of its charts/,
    );
  });
});
