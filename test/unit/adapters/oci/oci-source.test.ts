import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parseOciAddress } from '../../../../shared/adapters/oci/oci-address.ts';
import { OciSource } from '../../../../shared/adapters/oci/oci-source.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import { goIsMissing } from '../../../registry/build-registry.ts';
import { tarGzOf, tarOf } from '../../../registry/pack.ts';
import { describe as describeLayer, pushArtifact, pushManifest } from '../../../registry/push-artifact.ts';
import { type Registry, startRegistry } from '../../../registry/start-registry.ts';

const FLUX = 'application/vnd.cncf.flux.content.v1.tar+gzip';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';
const FILES = { 'deploy/a.yaml': 'a: 1\n', 'deploy/sub/b.yaml': 'b: 1\n', 'deploy-two/c.yaml': 'c: 1\n' };

describe('an OCI artifact of manifests', { skip: goIsMissing }, () => {
  let registry: Registry;
  let source: OciSource;
  before(async () => {
    registry = await startRegistry();
    source = new OciSource({ address: parseOciAddress(`oci://${registry.host}/apps/web`) });
    for (const [tag, value] of [
      ['1.0.0', '1'],
      ['1.2.0', '2'],
      ['1.10.0', '3'],
      ['2.0.0-rc.1', '4'],
      ['latest', '5'],
    ] as const) {
      await push(tag, { ...FILES, 'deploy/a.yaml': `a: ${value}\n` });
    }
  });
  after(() => registry.close());

  const push = (tag: string, files: Readonly<Record<string, string>>, repository = 'apps/web') =>
    pushArtifact(registry, {
      repository,
      tag,
      layers: [{ mediaType: FLUX, content: tarGzOf(files) }],
      annotations: {
        'org.opencontainers.image.created': '2026-03-04T05:06:07Z',
        'org.opencontainers.image.revision': 'main@sha1:0123456789',
        'org.opencontainers.image.source': 'https://git.example.com/web.git',
      },
    });
  const read = async (ref: string, path = 'deploy/a.yaml') => {
    const snapshot = await source.snapshot((await source.resolve(ref)).revision);
    return new TextDecoder().decode(await snapshot.read(path));
  };
  const at = (path: string) => new OciSource({ address: parseOciAddress(`oci://${registry.host}/${path}`) });
  const complaint = async (act: () => Promise<unknown>): Promise<string> => {
    const error = await act().catch((caught: unknown) => caught);
    assert.ok(error instanceof PlumblineError, String(error));
    return `${error.code} ${error.message}`.replaceAll(registry.host, 'HOST');
  };

  it('resolves a tag to the digest of its manifest, with what its annotations tell', async () => {
    const digest = await push('1.0.1', FILES);

    assert.deepEqual(await source.resolve('1.0.1'), {
      revision: digest,
      subject: '1.0.1 of main@sha1:0123456789',
      author: 'https://git.example.com/web.git',
      committedAtMs: Date.parse('2026-03-04T05:06:07Z'),
    });
  });

  it('resolves digests, ranges of versions and HEAD, which is latest', async () => {
    const { revision } = await source.resolve('1.2.0');

    for (const [ref, text] of [
      [revision, 'a: 2\n'],
      [`sha256:${revision}`, 'a: 2\n'],
      ['1.x', 'a: 3\n'],
      ['>=1.0 <1.10', 'a: 2\n'],
      ['>=2.0.0-0', 'a: 4\n'],
      ['HEAD', 'a: 5\n'],
    ] as const) {
      assert.equal(await read(ref), text, ref);
    }
  });

  it('finds a newer version in the range as soon as it is pushed', async () => {
    assert.equal(await read('3.x').catch(() => 'none'), 'none');

    await push('3.1.0', { ...FILES, 'deploy/a.yaml': 'a: new\n' });

    assert.equal(await read('3.x'), 'a: new\n');
  });

  it('lists files sorted, at a folder or a file, and reads no others', async () => {
    const snapshot = await source.snapshot((await source.resolve('1.0.0')).revision);
    const list = async (prefix: string) => (await snapshot.list(prefix)).map(({ path }) => path);

    assert.deepEqual(await list(''), ['deploy-two/c.yaml', 'deploy/a.yaml', 'deploy/sub/b.yaml']);
    assert.deepEqual(await list('deploy'), ['deploy/a.yaml', 'deploy/sub/b.yaml']);
    assert.deepEqual(await list('deploy/'), ['deploy/a.yaml', 'deploy/sub/b.yaml']);
    assert.deepEqual(await list('deploy/a.yaml'), ['deploy/a.yaml']);
    assert.deepEqual(await list('../deploy'), []);
    for (const path of ['deploy', '', '../deploy/a.yaml', 'deploy/a.yaml/x']) {
      await assert.rejects(snapshot.read(path), { code: 'SourceNotFound' }, path);
    }
  });

  it('changes the id of a file exactly when the file changes', async () => {
    const idOf = async (ref: string, path: string) => {
      const snapshot = await source.snapshot((await source.resolve(ref)).revision);
      return (await snapshot.list(path))[0]?.id;
    };

    assert.notEqual(await idOf('1.0.0', 'deploy/a.yaml'), await idOf('1.2.0', 'deploy/a.yaml'));
    assert.equal(await idOf('1.0.0', 'deploy/sub/b.yaml'), await idOf('1.2.0', 'deploy/sub/b.yaml'));
  });

  it('logs the artifact itself, which has no history', async () => {
    const { revision } = await source.resolve('1.2.0');

    assert.deepEqual(
      (await source.log(revision, { limit: 5 })).map((commit) => commit.revision),
      [revision],
    );
    assert.deepEqual(await source.log(revision, { limit: 0 }), []);
  });

  it('takes the one packed folder of an artifact that flux did not make, and symlinks within', async () => {
    const content = gzipSync(
      tarOf([
        { name: './x/', type: '5' },
        { name: './x/a.yaml', content: 'x: 1\n' },
        { name: './x/b.yaml', type: '2', linkName: 'a.yaml' },
      ]),
    );
    const manual = { mediaType: 'text/plain', content: Buffer.from('read me') };
    await pushArtifact(registry, {
      repository: 'apps/oras',
      tag: 'v1',
      layers: [manual, { mediaType: LAYER, content }],
    });
    const oras = at('apps/oras');

    const snapshot = await oras.snapshot((await oras.resolve('v1')).revision);

    assert.deepEqual(
      (await snapshot.list('')).map(({ path, type }) => [path, type]),
      [
        ['x/a.yaml', 'file'],
        ['x/b.yaml', 'symlink'],
      ],
    );
    assert.equal(new TextDecoder().decode(await snapshot.read('x/b.yaml')), 'a.yaml');
  });

  it('reads more tags than a page holds', async () => {
    const tags = Array.from({ length: 1_005 }, (_, index) => `0.0.${index}`);
    for (const tag of tags.slice(0, 1)) await push(tag, FILES, 'apps/many');
    const manifest = { mediaType: 'application/vnd.oci.image.index.v1+json', schemaVersion: 2, manifests: [] };
    const rest = tags.slice(1);
    for (let first = 0; first < rest.length; first += 20) {
      await Promise.all(
        rest.slice(first, first + 20).map((tag) => pushManifest(registry, { repository: 'apps/many', tag }, manifest)),
      );
    }

    assert.match(
      await complaint(() => at('apps/many').resolve('0.0.x')),
      /read "0.0.1004": it is an index of 0 manifests/,
    );
  });

  it('says which tags there are when none fits', async () => {
    assert.equal(
      await complaint(() => source.resolve('9.x')),
      'SourceNotFound oci://HOST/apps/web: resolve "9.x": no tag is this version or lies in this range; there are "3.1.0", "2.0.0-rc.1", "1.10.0", "1.2.0", "1.0.1", "1.0.0", "latest"; name a tag, a digest (sha256:...) or a range of versions',
    );
    assert.match(
      await complaint(() => source.resolve('mian')),
      /resolve "mian": there is no tag "mian"; there are "3.1.0"/,
    );
    assert.match(await complaint(() => source.resolve('0'.repeat(64))), /there is no such digest/);
    assert.match(
      await complaint(() => at('apps/nothing').resolve('HEAD')),
      /list the tags: there is no such repository/,
    );
  });

  it('refuses what holds no files, and says what it is', async () => {
    const content = Buffer.from('x');
    const chart = 'application/vnd.cncf.helm.config.v1+json';
    await pushArtifact(registry, {
      repository: 'apps/chart',
      tag: 'v1',
      configType: chart,
      layers: [{ mediaType: LAYER, content }],
    });
    await pushArtifact(registry, { repository: 'apps/sbom', tag: 'v1', layers: [{ mediaType: 'text/spdx', content }] });
    const image = [1, 2].map((layer) => ({ mediaType: LAYER, content: Buffer.from(`${layer}`) }));
    await pushArtifact(registry, { repository: 'apps/image', tag: 'v1', layers: image });
    const opened = async (path: string) =>
      complaint(async () => at(path).snapshot((await at(path).resolve('v1')).revision));

    assert.match(await opened('apps/chart'), /it is a Helm chart; name it as spec.source.chart/);
    assert.match(await opened('apps/sbom'), /it has 1 layers \(text\/spdx\), and not one that holds the files/);
    assert.match(await opened('apps/image'), /it has 2 layers \(.*tar\+gzip\), and not one that holds the files/);
  });

  it('follows an index that has one manifest', async () => {
    const digest = await push('only', FILES, 'apps/index');
    const manifest = JSON.parse(
      await (
        await fetch(`http://${registry.host}/v2/apps/index/manifests/only`, {
          headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
        })
      ).text(),
    );
    const content = Buffer.from(JSON.stringify(manifest));
    const entry = describeLayer({ mediaType: 'application/vnd.oci.image.manifest.v1+json', content });
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    await pushManifest(
      registry,
      { repository: 'apps/index', tag: 'v1' },
      { ...{ schemaVersion: 2, mediaType }, ...{ manifests: [entry] } },
    );

    assert.equal((await at('apps/index').resolve('v1')).revision, digest);
  });
});
