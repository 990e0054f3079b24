/** Dependencies of charts, from a real registry and a chart repository, against `helm dependency build` and `helm template`. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openChartSources } from '../../../../shared/adapters/chart-repository/chart-sources.ts';
import { secretCredentials } from '../../../../shared/adapters/git-http/git-credentials.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import { openCharts } from '../../../../shared/job/plan-fleet/open-charts.ts';
import type { RepositoryDeclaration } from '../../../../shared/model/declarations.ts';
import type { FileSource } from '../../../../shared/render/file-tree.ts';
import { NOTHING_OUTSIDE, type Outside } from '../../../../shared/render/outside.ts';
import { readObjects } from '../../../../shared/render/read-objects.ts';
import { FakeBlobStore } from '../../../fakes/fake-blob-store.ts';
import { goIsMissing } from '../../../registry/build-registry.ts';
import { type FileServer, startFileServer } from '../../../registry/file-server.ts';
import { below, chartFiles, type HelmWorkshop, openWorkshop } from '../../../registry/helm-workshop.ts';
import { type Registry, startRegistry } from '../../../registry/start-registry.ts';
import { folderSource } from '../../render/folder-source.ts';
import { renderIn } from '../../render/render-in.ts';

const USER = { user: 'ana', password: 'a secret of Ana' };
const BASIC = `Basic ${Buffer.from(`${USER.user}:${USER.password}`).toString('base64')}`;

const repository = (name: string, spec: RepositoryDeclaration['spec']) => ({
  location: { path: 'plumbline/repositories.yaml', line: 1, column: 1 },
  declaration: { apiVersion: 'plumbline.dev/v1', kind: 'Repository', metadata: { name }, spec } as const,
});

describe('charts from elsewhere', { skip: goIsMissing }, () => {
  let registry: Registry;
  let server: FileServer;
  let shop: HelmWorkshop;
  const blobs = new FakeBlobStore();
  const secretOf = (name: string) => secretCredentials(name, async () => `${USER.user}:${USER.password}`);
  let sources = openChartSources(secretOf);

  before(async () => {
    registry = await startRegistry({ kind: 'basic', ...USER });
    server = await startFileServer({ authorization: BASIC });
    shop = await openWorkshop();
    const metrics = below('db/charts/metrics', chartFiles('metrics', '0.1.0'));
    const nested = 'dependencies: [{name: metrics, version: 0.1.0}]\n';
    for (const version of ['1.2.0', '1.2.9', '1.3.0', '2.0.0-rc.1']) {
      await shop.write({ ...below('db', chartFiles('db', version, { dependencies: nested })), ...metrics });
      await shop.helm('package', 'db', '-d', 'packed');
    }
    await shop.write(below('cache', chartFiles('cache', '3.4.5+build.7')));
    await shop.helm('package', 'cache', '-d', 'pushed');
    const plain = ['--plain-http', '--username', USER.user, '--password', USER.password];
    await shop.helm('registry', 'login', registry.host, ...plain);
    await shop.helm('push', 'pushed/cache-3.4.5+build.7.tgz', `oci://${registry.host}/charts`, '--plain-http');
    await publish();
    await shop.helm('repo', 'add', 'main', server.url, '--username', USER.user, '--password', USER.password);
  });
  after(async () => {
    await registry.close();
    await server.close();
    await shop.remove();
  });

  const publish = async () => {
    await shop.helm('repo', 'index', 'packed');
    for (const [path, content] of Object.entries(await shop.read('packed'))) {
      server.files.set(path.slice('packed/'.length), content);
    }
  };
  const outside = (): Outside => {
    const repositories = [
      repository('main', { helm: { url: `${server.url}/`, credentials: 'ana' } }),
      repository('registry', { oci: { url: `oci://${registry.host}/charts`, credentials: 'ana' } }),
    ];
    return { ...NOTHING_OUTSIDE, ...openCharts({ sources: { charts: sources }, blobs }, repositories) };
  };
  const chartOf = (dependencies: string): Readonly<Record<string, string>> => {
    const values = 'value: own\ndb: {value: from the parent}\nsecond: {value: aliased}\ncache: {enabled: true}\n';
    return below('web', chartFiles('web', '1.0.0', { dependencies, values }));
  };
  const render = async (files: FileSource) => {
    const { objects } = await renderIn(files, { path: 'web', outside: outside() });
    return objects.map(({ object }) => object).toSorted(byName);
  };
  const rendered = () => render(folderSource(shop.folder));
  const byHelm = async () => {
    const yaml = await shop.helm('template', 'web', 'web', '--namespace', 'default');
    return readObjects(yaml, { path: 'helm' })
      .map(({ object }) => object)
      .toSorted(byName);
  };
  const complaint = async (act: () => Promise<unknown>): Promise<string> => {
    const error = await act().catch((caught: unknown) => caught);
    assert.ok(error instanceof PlumblineError, String(error));
    assert.doesNotMatch(error.message, /secret of Ana/);
    return error.message.replaceAll(registry.host, 'REGISTRY').replaceAll(server.url, 'SERVER');
  };
  const clean = () => shop.delete('web');
  const settle = async (dependencies: string) => {
    await clean();
    await shop.write(chartOf(dependencies));
    await shop.helm('dependency', 'update', 'web', '--plain-http');
    await shop.delete('web/charts');
  };
  const fromRegistry = () =>
    `dependencies: [{name: cache, version: 3.4.5+build.7, repository: "oci://${registry.host}/charts"}]\n`;
  const fromServer = (version: string) =>
    `dependencies: [{name: db, version: "${version}", repository: "${server.url}"}]\n`;

  it('are laid in as helm dependency build does: ranges, aliases, conditions, charts within charts', async () => {
    const dependencies = `dependencies:
- {name: db, version: ~1.2.0, repository: "${server.url}", tags: [data], import-values: [x]}
- {name: db, version: ">=1.3.0, <1.4.0", repository: "@main", alias: second}
- {name: cache, version: ^3.0.0, repository: "oci://${registry.host}/charts", condition: cache.enabled}
`;
    await clean();
    await shop.write(chartOf(dependencies));
    await shop.helm('dependency', 'update', 'web', '--plain-http');
    const expected = await byHelm();
    await shop.delete('web/charts');

    const objects = await rendered();

    assert.deepEqual(objects, expected);
    assert.deepEqual(
      objects.map(({ metadata, data }) => [metadata.name, (data as { version: string }).version]),
      [
        ['web-cache', '3.4.5+build.7'],
        ['web-db', '1.2.9'],
        ['web-metrics', '0.1.0'],
        ['web-metrics', '0.1.0'],
        ['web-second', '1.3.0'],
        ['web-web', '1.0.0'],
      ],
    );
  });

  it('are downloaded once, whoever plans', async () => {
    await settle(fromServer('~1.2.0'));
    await rendered();
    server.requests.length = 0;
    sources = openChartSources(secretOf);

    await rendered();
    await rendered();

    assert.deepEqual(server.requests, ['200 index.yaml +user', '304 index.yaml +user']);
  });

  it('are downloaded again when what was kept is damaged', async () => {
    await settle(fromServer('~1.2.0'));
    const expected = await rendered();
    for (const key of blobs.keys) await blobs.write(key, Buffer.from('damaged'));
    sources = openChartSources(secretOf);

    assert.deepEqual(await rendered(), expected);
  });

  it('need no lock where the version is exact, and one where it is a range', async () => {
    await clean();
    await shop.write(chartOf(fromRegistry()));
    assert.deepEqual((await rendered()).length, 2);

    await shop.write(chartOf(fromServer('~1.2.0')));
    assert.equal(
      await complaint(rendered),
      'web/Chart.yaml: render: the dependency db is asked for as "~1.2.0", and nothing says which version that was settled on; run "helm dependency update web" and commit web/Chart.lock, or ask for an exact version',
    );
  });

  it('stay at what the lock holds, whatever is published since', async () => {
    await settle(fromServer('~1.2.0'));
    await shop.write(below('db', chartFiles('db', '1.2.10')));
    await shop.helm('package', 'db', '-d', 'packed');
    await publish();

    const versions = (await rendered()).map(({ data }) => (data as { version: string }).version);

    assert.deepEqual(versions, ['1.2.9', '0.1.0', '1.0.0']);
  });

  it('are refused while the lock is out of sync, as helm refuses it', async () => {
    await settle(fromServer('~1.2.0'));
    await shop.write(chartOf(fromServer('~1.3.0')));

    await assert.rejects(shop.helm('dependency', 'build', 'web'), /the lock file \(Chart.lock\) is out of sync/);
    assert.equal(
      await complaint(rendered),
      'web/Chart.lock: render: it does not belong to the dependencies in web/Chart.yaml any more; run "helm dependency update web" and commit web/Chart.lock',
    );
  });

  it('of a chart of Helm 2 are taken by requirements.lock', async () => {
    await clean();
    const files = chartOf('');
    const requirements = { 'web/requirements.yaml': fromServer('~1.2.0') };
    const manifest = { 'web/Chart.yaml': 'apiVersion: v1\nname: web\nversion: 1.0.0\n' };
    await shop.write({ ...files, ...requirements, ...manifest });
    await shop.helm('dependency', 'update', 'web');
    const expected = await byHelm();
    await shop.delete('web/charts');

    assert.deepEqual(await rendered(), expected);
  });

  it('come only from Repositories of the fleet, and the error says what to declare', async () => {
    const elsewhere = `dependencies: [{name: db, version: 1.2.0, repository: "https://charts.example.com/stable"}]\n`;
    await clean();
    await shop.write(chartOf(elsewhere));
    assert.equal(
      await complaint(rendered),
      'web/Chart.yaml: fetch the dependency db 1.2.0: https://charts.example.com/stable: no Repository of the fleet has this address; declare it: {apiVersion: plumbline.dev/v1, kind: Repository, metadata: {name: charts}, spec: {helm: {url: "https://charts.example.com/stable"}}}',
    );

    await shop.write(chartOf(elsewhere.replace('https://charts.example.com/stable', '@other')));
    assert.match(await complaint(rendered), /Repository other: there is no such Repository; declare it with spec.helm/);
    await shop.write(chartOf(elsewhere.replace('https:', 's3:')));
    assert.match(await complaint(rendered), /charts are not fetched from such an address; vendor the chart/);
  });

  it('are found by a range for an application whose source is a chart', async () => {
    const charts = outside();
    const cache = await charts.chart({ repository: '@registry', name: 'cache', version: '*' });
    const db = await charts.chart({ repository: '@main', name: 'db', version: '>=1.3' });
    const candidate = await charts.chart({ repository: '@main', name: 'db', version: '>=2.0.0-0' });

    assert.deepEqual([cache.version, db.version, candidate.version], ['3.4.5+build.7', '1.3.0', '2.0.0-rc.1']);
    assert.equal((await db.tree.resolve('charts/metrics/Chart.yaml')).found, 'file');
  });

  it('that are not there are named, with what is', async () => {
    const charts = outside();
    const find = (name: string, version: string, from = '@main') =>
      complaint(() => charts.chart({ repository: from, name, version }));

    assert.match(
      await find('db', '9.x'),
      /SERVER: find chart db "9.x": no version is it or lies in it; the newest are 2.0.0-rc.1, 1.3.0/,
    );
    assert.match(await find('nothing', '1.x'), /the index has no chart "nothing"/);
    assert.match(
      await find('cache', '4.x', '@registry'),
      /oci:\/\/REGISTRY\/charts\/cache: find version "4.x": no version is "4.x" or lies in it; the newest are 3.4.5\+build.7/,
    );
    assert.match(await find('nothing', '1.x', '@registry'), /list the tags: there is no such repository/);
    assert.match(await find('Nothing', '1.x', '@registry'), /"Nothing" is no name of a repository/);
  });

  it('whose archive is not what the index says are refused, and so are bad answers', async () => {
    const archive = 'db-1.2.0.tgz';
    const good = server.files.get(archive) ?? '';
    const find = () => {
      sources = openChartSources(secretOf);
      return complaint(() => outside().chart({ repository: '@main', name: 'db', version: '1.2.0' }));
    };

    server.files.set(archive, 'something else');
    assert.match(
      await find(),
      /SERVER: download db 1.2.0: what came has the digest [0-9a-f]{64}, and the index says [0-9a-f]{64}; make the index anew/,
    );
    server.files.delete(archive);
    assert.match(await find(), /SERVER: download db 1.2.0: the server answers 404; check the address/);
    server.files.set(archive, good);
    const index = server.files.get('index.yaml') ?? '';
    server.files.set('index.yaml', '<html>log in</html>');
    assert.match(await find(), /SERVER: read index.yaml: what is there is no index of charts; give the address/);
    server.files.set(
      'index.yaml',
      `${index}`.replaceAll('- db-1.2.0.tgz', '- oci://registry.example.com/charts/db:1.2.0'),
    );
    assert.match(await find(), /declare a Repository \{oci: \{url: "oci:\/\/registry.example.com\/charts"\}\}/);
    server.files.set('index.yaml', index);
  });
});

function byName(
  a: { readonly metadata: { readonly name: string } },
  b: { readonly metadata: { readonly name: string } },
) {
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
