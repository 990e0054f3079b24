import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { createKubeconfigConnector } from '../../../../shared/adapters/kube/connect-kubeconfig.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import { API_VERSION, clusterSchema } from '../../../../shared/model/declarations.ts';
import type { ErrorCode } from '../../../../shared/model/problem.ts';
import { startScriptedServer, TOKEN } from './scripted-api-server.ts';

const VERSION = { body: { gitVersion: 'v1.36.3' } };

async function temporaryHome(test: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'plumbline-kubeconfig-'));
  test.after(() => rm(home, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), text, { mode: 0o700 });
  }
  return home;
}

/** A kubeconfig as YAML flow text, which is JSON: context `c` of `server`, with what `user` says. */
function kubeconfig(server: URL | string, user: object, cluster: object = {}): string {
  return JSON.stringify({
    clusters: [{ name: 'cluster', cluster: { server: String(server), ...cluster } }],
    users: [{ name: 'user', user }],
    contexts: [{ name: 'c', context: { cluster: 'cluster', user: 'user' } }],
  });
}

function declare(kubeconfigSpec: { readonly path?: string; readonly context: string } | undefined) {
  const spec =
    kubeconfigSpec === undefined ? { eks: { name: 'x', region: 'eu-west-1' } } : { kubeconfig: kubeconfigSpec };
  return clusterSchema.parse({ apiVersion: API_VERSION, kind: 'Cluster', metadata: { name: 'prod-eu' }, spec });
}

/** Reads the version of the cluster that `context` of the files in `home` names. */
async function readVersion(
  test: TestContext,
  home: string,
  options: { readonly path?: string; readonly variable?: string } = {},
) {
  const connector = createKubeconfigConnector({
    homeDirectory: home,
    baseDirectory: home,
    kubeconfigVariable: options.variable,
  });
  const spec = { context: 'c', ...(options.path === undefined ? {} : { path: options.path }) };
  const connection = await connector.connect(declare(spec), { userAgent: 'plumbline-test' });
  test.after(() => connection.close());
  return await connection.kubernetesVersion();
}

async function assertRefused(promise: Promise<unknown>, code: ErrorCode, message: RegExp): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof PlumblineError, String(error));
    assert.deepEqual([error.code, error.problems[0].subject], [code, 'prod-eu']);
    assert.match(error.message, message);
    assert.ok(!error.message.includes(TOKEN), 'the message shows the token');
    return true;
  });
}

describe('the files of a kubeconfig', () => {
  it('are ~/.kube/config, or those of KUBECONFIG, or the one declared', async (t) => {
    const server = await startScriptedServer(t, () => VERSION);
    const good = kubeconfig(server.url, { token: TOKEN });
    const bad = kubeconfig('http://127.0.0.1:1', {});
    const byDefault = await temporaryHome(t, { '.kube/config': good });
    const byVariable = await temporaryHome(t, { '.kube/config': bad, other: good });
    const declared = await temporaryHome(t, { '.kube/config': bad, 'clusters/config': good });

    await readVersion(t, byDefault);
    await readVersion(t, byVariable, { variable: `${byVariable}/missing:${byVariable}/other` });
    await readVersion(t, declared, { path: 'clusters/config' });
    await readVersion(t, declared, { path: '~/clusters/config' });

    assert.deepEqual(
      server.received.map((request) => request.headers.authorization),
      Array(4).fill(`Bearer ${TOKEN}`),
    );
  });

  it('are joined, and the first that defines a name counts', async (t) => {
    const server = await startScriptedServer(t, () => VERSION);
    const first = JSON.stringify({ users: [{ name: 'user', user: { token: TOKEN } }] });
    const home = await temporaryHome(t, { first, second: kubeconfig(server.url, { token: 'other' }) });

    await readVersion(t, home, { variable: `${home}/first:${home}/second` });

    assert.equal(server.received[0]?.headers.authorization, `Bearer ${TOKEN}`);
  });

  it('are read again when one of them changes', async (t) => {
    const server = await startScriptedServer(t, () => VERSION);
    const home = await temporaryHome(t, { '.kube/config': kubeconfig(server.url, { token: 'old' }) });
    const connector = createKubeconfigConnector({ homeDirectory: home, baseDirectory: home });
    const read = async () => {
      const connection = await connector.connect(declare({ context: 'c' }), { userAgent: 'x' });
      await connection.kubernetesVersion();
      await connection.close();
    };

    await read();
    await writeFile(join(home, '.kube/config'), kubeconfig(server.url, { token: 'newer' }));
    await read();

    assert.deepEqual(
      server.received.map((request) => request.headers.authorization),
      ['Bearer old', 'Bearer newer'],
    );
  });

  it('are missed with a word on what to set', async (t) => {
    const home = await temporaryHome(t, {});

    await assertRefused(readVersion(t, home), 'ConfigInvalid', /no kubeconfig at .*\.kube\/config; set KUBECONFIG/);
  });

  it('are refused without showing what stands in them', async (t) => {
    const home = await temporaryHome(t, { '.kube/config': `users:\n- token: ${TOKEN}\n  bad: [\n` });

    await assertRefused(readVersion(t, home), 'ConfigInvalid', /config:\d+:\d+: no valid YAML: /);
  });

  it('name the contexts that there are when the one asked for is missing', async (t) => {
    const home = await temporaryHome(t, {
      '.kube/config': kubeconfig('http://127.0.0.1:1', {}).replace('"name":"c"', '"name":"d"'),
    });

    await assertRefused(readVersion(t, home), 'ConfigInvalid', /context c is not in .*; choose one of: d$/);
  });

  it('are refused when the context names what is not defined', async (t) => {
    const text = kubeconfig('http://127.0.0.1:1', {}).replace('"user":"user"', '"user":"nobody"');
    const home = await temporaryHome(t, { '.kube/config': text });

    await assertRefused(readVersion(t, home), 'ConfigInvalid', /context c names user nobody, which is not defined/);
  });

  it('are refused when the address is none, without quoting it', async (t) => {
    const home = await temporaryHome(t, { '.kube/config': kubeconfig(`ftp://u:${TOKEN}@host`, {}) });

    await assertRefused(readVersion(t, home), 'ConfigInvalid', /server has the scheme ftp; write server as https/);
  });
});

describe('a user of a kubeconfig', () => {
  const versionAs = async (t: TestContext, user: object, files: Readonly<Record<string, string>> = {}) => {
    const server = await startScriptedServer(t, () => VERSION);
    const home = await temporaryHome(t, { '.kube/config': kubeconfig(server.url, user), ...files });
    await readVersion(t, home);
    return server.received[0]?.headers;
  };

  it('logs in with a token file that is relative to the kubeconfig', async (t) => {
    const headers = await versionAs(t, { tokenFile: 'token' }, { '.kube/token': `${TOKEN}\n` });

    assert.equal(headers?.authorization, `Bearer ${TOKEN}`);
  });

  it('acts as another where the kubeconfig says so', async (t) => {
    assert.equal((await versionAs(t, { token: TOKEN, as: 'jane' }))?.['impersonate-user'], 'jane');
  });

  it('logs in by an exec plugin next to the kubeconfig, which is told what it is asked', async (t) => {
    const plugin = `#!/bin/sh
echo "$KUBERNETES_EXEC_INFO" | grep -q '"interactive":false' || exit 1
cat >/dev/null
echo '{"status":{"token":"${TOKEN}-'$EXTRA'"}}'
`;
    const exec = { command: './plugin.sh', env: [{ name: 'EXTRA', value: 'x' }] };

    const headers = await versionAs(t, { exec }, { '.kube/plugin.sh': plugin });

    assert.equal(headers?.authorization, `Bearer ${TOKEN}-x`);
  });

  it('logs in with the token of an OpenID provider while it is valid', async (t) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const idToken = `${part({ alg: 'none' })}.${part({ exp: Date.now() / 1_000 + 3_600 })}.x`;

    const headers = await versionAs(t, { 'auth-provider': { name: 'oidc', config: { 'id-token': idToken } } });

    assert.equal(headers?.authorization, `Bearer ${idToken}`);
  });

  it('runs the plugin once for many connections, and again when the server refuses what it gave', async (t) => {
    const server = await startScriptedServer(t, (request) =>
      request.headers.authorization === 'Bearer 2' ? VERSION : { status: 401 },
    );
    const plugin = '#!/bin/sh\necho x >> runs\necho "{\\"status\\":{\\"token\\":\\"$(wc -l < runs | tr -d " ")\\"}}"\n';
    const home = await temporaryHome(t, { 'plugin.sh': plugin });
    const exec = { command: 'sh', args: ['-c', `cd ${home} && ./plugin.sh`] };
    await writeFile(join(home, 'config'), kubeconfig(server.url, { exec }));
    const connector = createKubeconfigConnector({ homeDirectory: home, baseDirectory: home });

    for (const _ of [1, 2, 3]) {
      const connection = await connector.connect(declare({ path: 'config', context: 'c' }), { userAgent: 'x' });
      assert.equal(await connection.kubernetesVersion(), 'v1.36.3');
      await connection.close();
    }

    assert.deepEqual(
      server.received.map((request) => request.headers.authorization),
      ['Bearer 1', 'Bearer 2', 'Bearer 2', 'Bearer 2'],
    );
  });

  it('is told what the plugin said when it failed, and never what it printed', async (t) => {
    const failing = { exec: { command: 'sh', args: ['-c', `echo ${TOKEN}; echo "please log in" >&2; exit 1`] } };
    const noJson = { exec: { command: 'sh', args: ['-c', `echo ${TOKEN}`] } };
    const noStatus = { exec: { command: 'sh', args: ['-c', `echo '{"token":"${TOKEN}"}'`] } };
    const missing = { exec: { command: 'plumbline-no-such-plugin' } };

    await assertRefused(
      versionAs(t, failing),
      'CredentialsExpired',
      /exec plugin sh failed: please log in; log in again/,
    );
    await assertRefused(versionAs(t, noJson), 'CredentialsExpired', /it printed no JSON/);
    await assertRefused(versionAs(t, noStatus), 'CredentialsExpired', /it printed no ExecCredential with a status/);
    await assertRefused(
      versionAs(t, missing),
      'CredentialsExpired',
      /plumbline-no-such-plugin failed: spawn .* ENOENT/,
    );
  });

  it('is refused where it can only log in by a way that Kubernetes has given up', async (t) => {
    await assertRefused(versionAs(t, { username: 'a', password: TOKEN }), 'ConfigInvalid', /logs in by password/);
    const provider = { 'auth-provider': { name: 'gcp', config: { 'access-token': TOKEN } } };
    await assertRefused(versionAs(t, provider), 'ConfigInvalid', /auth-provider gcp, which kubectl has removed/);
  });

  it('is refused when a file of it is missing', async (t) => {
    await assertRefused(
      versionAs(t, { 'client-certificate': 'a.crt' }),
      'ConfigInvalid',
      /a\.crt cannot be read \(ENOENT\)/,
    );
  });
});

it('refuses a cluster that is not declared by a kubeconfig', async () => {
  const connector = createKubeconfigConnector({ homeDirectory: '/', baseDirectory: '/' });

  await assertRefused(
    connector.connect(declare(undefined), { userAgent: 'x' }),
    'ConfigInvalid',
    /no spec\.kubeconfig/,
  );
});
