import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { HttpChartRepository } from '../../../../shared/adapters/chart-repository/chart-repository.ts';
import { parseIndex } from '../../../../shared/adapters/chart-repository/listed-charts.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import { issueCertificate } from '../../../controlplane/assets/certificate.ts';
import { type FileServer, startFileServer } from '../../../registry/file-server.ts';

const USER = 'Basic dXNlcjpwYXNzd29yZA==';
const credentials = { authorization: async () => USER };
const limits = { retryWaitsMs: [1, 1] };

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
const entry = (version: string, url: string, more = '') => `  - {version: "${version}", urls: ["${url}"]${more}}`;
const indexOf = (...entries: readonly string[]) => ['apiVersion: v1', 'entries:', '  db:', ...entries, ''].join('\n');

describe('an HTTP chart repository', () => {
  let own: FileServer;
  let other: FileServer;
  before(async () => {
    [own, other] = [await startFileServer(), await startFileServer()];
    own.files.set('charts/packed/db.tgz', 'at home');
    other.files.set('db.tgz', 'elsewhere');
  });
  after(async () => {
    await own.close();
    await other.close();
  });

  const repositoryAt = (path: string, more: { readonly passCredentials?: boolean } = {}) =>
    new HttpChartRepository({ url: `${own.url}/${path}`, credentials, limits, ...more });
  const fetch = async (range: string, more: { readonly passCredentials?: boolean } = {}) => {
    const found = await repositoryAt('charts', more).find('db', range);
    return new TextDecoder().decode(await found.fetch());
  };
  const complaint = async (act: () => Promise<unknown>): Promise<string> => {
    const error = await act().catch((caught: unknown) => caught);
    assert.ok(error instanceof PlumblineError, String(error));
    assert.doesNotMatch(error.message, /dXNlcj|password/);
    return `${error.code} ${error.message}`.replaceAll(own.url, 'OWN').replaceAll(other.url, 'OTHER');
  };

  it('has its archives beside the index or at addresses of their own', async () => {
    own.files.set(
      'charts/index.yaml',
      indexOf(entry('1.0.0', 'packed/db.tgz'), entry('2.0.0', `${own.url}/charts/packed/db.tgz`)),
    );

    assert.equal(await fetch('1.0.0'), 'at home');
    assert.equal(await fetch('2.x'), 'at home');
  });

  it('gets our credentials; another host gets them only where the Repository says so', async () => {
    own.files.set('charts/index.yaml', indexOf(entry('1.0.0', `${other.url}/db.tgz`)));
    own.requests.length = 0;
    other.requests.length = 0;

    assert.equal(await fetch('1.0.0'), 'elsewhere');
    assert.equal(await fetch('1.0.0', { passCredentials: true }), 'elsewhere');

    assert.deepEqual(own.requests, ['200 charts/index.yaml +user', '200 charts/index.yaml +user']);
    assert.deepEqual(other.requests, ['200 db.tgz', '200 db.tgz +user']);
  });

  it('takes the very version before a range, the highest of a range, and no prerelease unasked', async () => {
    const versions = ['1.0.0', 'v1.2.0', '1.10.0', '2.0.0-rc.1', '1.2.0+build.1', 'not-a-version'];
    own.files.set('charts/index.yaml', indexOf(...versions.map((version) => entry(version, 'packed/db.tgz'))));
    const find = async (range: string) => (await repositoryAt('charts').find('db', range)).version;

    for (const [range, version] of [
      ['1.x', '1.10.0'],
      ['*', '1.10.0'],
      ['>=1.0, <1.10', '1.2.0+build.1'],
      ['v1.2.0', 'v1.2.0'],
      ['1.2.0+build.1', '1.2.0+build.1'],
      ['>=2.0.0-0', '2.0.0-rc.1'],
      ['not-a-version', 'not-a-version'],
    ] as const) {
      assert.equal(await find(range), version, range);
    }
  });

  it('is read anew only when it has changed', async () => {
    own.files.set('charts/index.yaml', indexOf(entry('1.0.0', 'packed/db.tgz')));
    const repository = repositoryAt('charts/');
    const find = async () => (await repository.find('db', '*')).version;
    own.requests.length = 0;

    const before = [await find(), await find()];
    own.files.set('charts/index.yaml', indexOf(entry('1.0.1', 'packed/db.tgz')));
    const after = await find();

    assert.deepEqual([...before, after], ['1.0.0', '1.0.0', '1.0.1']);
    assert.deepEqual(
      own.requests.map((request) => request.slice(0, 3)),
      ['200', '304', '200'],
    );
  });

  it('is asked once by all who ask at once', async () => {
    own.files.set('charts/index.yaml', indexOf(entry('1.0.0', 'packed/db.tgz')));
    const repository = repositoryAt('charts');
    own.requests.length = 0;

    await Promise.all([repository.find('db', '*'), repository.find('db', '1.x'), repository.find('db', '1.0.0')]);

    assert.equal(own.requests.length, 1);
  });

  it('checks what came against the digest of the index, where there is one', async () => {
    const right = `, digest: ${digestOf('at home')}`;
    own.files.set(
      'charts/index.yaml',
      indexOf(
        entry('1.0.0', 'packed/db.tgz', right),
        entry('2.0.0', 'packed/db.tgz', `, digest: sha256:${'0'.repeat(64)}`),
      ),
    );

    assert.equal((await repositoryAt('charts').find('db', '1.0.0')).digest, digestOf('at home'));
    assert.equal(await fetch('1.0.0'), 'at home');
    assert.equal(
      await complaint(() => fetch('2.0.0')),
      `SourceNotFound OWN/charts: download db 2.0.0: what came has the digest ${digestOf('at home')}, and the index says ${'0'.repeat(64)}; make the index anew ("helm repo index"), or find out who changed the archive`,
    );
  });

  it('whose index leads where nobody should go is refused', async () => {
    for (const [url, message] of [
      [
        'http://charts.example.com/db.tgz',
        /the index names http:\/\/charts.example.com, and http:\/\/charts.example.com is not encrypted/,
      ],
      ['https://169.254.169.254/latest', /169.254.169.254 is a link-local address/],
      ['file:///etc/passwd', /file:\/\/ is not encrypted/],
      [
        'oci://registry.example.com/charts/db:1.0.0',
        /declare a Repository \{oci: \{url: "oci:\/\/registry.example.com\/charts"\}\}/,
      ],
    ] as const) {
      own.files.set('charts/index.yaml', indexOf(entry('1.0.0', url)));
      assert.match(await complaint(() => fetch('1.0.0')), message, url);
    }
  });

  it('that answers otherwise is told of', async () => {
    own.files.set('charts/index.yaml', indexOf(entry('1.0.0', 'packed/lost.tgz')));

    assert.match(
      await complaint(() => fetch('1.0.0')),
      /SourceNotFound OWN\/charts: download db 1.0.0: the server answers 404; check the address/,
    );
    assert.match(
      await complaint(() => repositoryAt('nowhere').find('db', '*')),
      /SourceNotFound OWN\/nowhere: read index.yaml: the server answers 404/,
    );
    own.files.set('page/index.yaml', '<!DOCTYPE html><html>');
    assert.match(
      await complaint(() => repositoryAt('page').find('db', '*')),
      /what is there is no index of charts; give the address that "helm repo add" takes/,
    );
  });

  it('refuses an address that is none, or holds credentials', () => {
    const open = (url: string) => () => new HttpChartRepository({ url });

    assert.throws(open('ftp://example.com'), /it is no address of a chart repository/);
    assert.throws(open('https://me:secret@example.com'), (error: unknown) => {
      return (
        error instanceof PlumblineError &&
        !error.message.includes('secret@') &&
        /it holds credentials for example.com/.test(error.message)
      );
    });
  });
});

describe('a chart repository whose certificate an authority of our own signed', () => {
  const authority = issueCertificate({ commonName: 'an authority of our own' }, 'authority');
  const other = issueCertificate({ commonName: 'another authority' }, 'authority');
  const tls = issueCertificate({ commonName: 'charts' }, 'server', authority);

  it('is read with the certificate of that authority, and with no other', async () => {
    const server = createServer({ cert: tls.certificate, key: tls.key }, (_request, response) => {
      response.end(indexOf(entry('1.0.0', 'db.tgz')));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const find = (ca?: string) => new HttpChartRepository({ url, ca, limits }).find('db', '*');
    try {
      assert.equal((await find(authority.certificate)).version, '1.0.0');
      for (const ca of [undefined, other.certificate]) {
        await assert.rejects(
          find(ca),
          /the certificate of 127.0.0.1:\d+ is not trusted \([A-Z_]+\); if an authority of your own signed it, give the certificate/,
        );
      }
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('is trusted beside the authorities of NODE_EXTRA_CA_CERTS, not in their place', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumbline-authority-'));
    const extra = join(folder, 'extra.pem');
    await writeFile(extra, authority.certificate);
    const server = createServer({ cert: tls.certificate, key: tls.key }, (_request, response) => {
      response.end(indexOf(entry('1.0.0', 'db.tgz')));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const place = {
      url: `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
      ca: other.certificate,
    };
    const adapter = join(import.meta.dirname, '../../../../shared/adapters/chart-repository/chart-repository.ts');
    const program = `
      const { HttpChartRepository } = await import(${JSON.stringify(adapter)});
      console.log((await new HttpChartRepository(${JSON.stringify(place)}).find('db', '*')).version);`;
    try {
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
        env: { NODE_EXTRA_CA_CERTS: extra },
      });
      assert.equal(stdout.trim(), '1.0.0');
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('an index of charts', () => {
  it('is read as YAML or JSON, versions as the texts that they are', () => {
    const yaml = 'entries:\n  a:\n  - version: 1.10\n    urls: [x]\n    created: 2026-01-01T00:00:00Z\n';
    const json = '{"entries":{"a":[{"version":"1.10","urls":["x"]}]}}';

    for (const text of [yaml, json]) assert.equal(parseIndex(text)?.get('a')?.[0]?.version, '1.10', text);
  });

  it('passes over what lacks a version or an address, and is none when it is something else', () => {
    assert.deepEqual(parseIndex('entries: {a: [{version: 1.0.0}, {urls: [x]}, 1, null], b: x}')?.get('a'), []);
    for (const text of ['', '- a', 'entries: []', '<html>', 'a: [', '{"entries":']) {
      assert.equal(parseIndex(text), undefined, text);
    }
  });

  it('does not unfold what refers to itself many times over', () => {
    const lines = [
      'a0: &a0 [x]',
      ...Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}]`),
    ];
    const bomb = `${lines.join('\n')}\nentries: {db: *a40}\n`;

    assert.deepEqual(parseIndex(bomb)?.get('db') ?? [], []);
  });

  it('holds once what stands under many names', () => {
    const list = [
      'a: &a',
      ' - &one {version: 1.0.0, urls: [x, y]}',
      ...Array.from({ length: 10_000 }, () => ' - *one'),
    ];
    const text = `entries:\n${[...list, ...Array.from({ length: 10_000 }, (_, n) => `n${n}: *a`)].map((line) => ` ${line}`).join('\n')}\n`;

    const charts = parseIndex(text);

    assert.deepEqual(charts?.get('n9999'), [{ version: '1.0.0', address: 'x', digest: undefined }]);
    assert.equal(charts?.get('n9999'), charts?.get('a'), 'one list for all');
  });
});
