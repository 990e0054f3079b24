/** What `plumbline rbac` prints; the example of docs/rights.md is one of its answers. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ROOT } from '../architecture/source-files.ts';

const DOCS = readFileSync(join(ROOT, 'docs', 'rights.md'), 'utf8');
const CLUSTER = `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: production}
spec: {kubeconfig: {context: nowhere}}
`;
const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: example.com/web:1}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;

describe('plumbline rbac', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-rbac-'));
  after(() => rmSync(folder, { recursive: true }));

  const [, declared = ''] = /```yaml\n(# plumbline\/shop\.yaml\n[\s\S]*?)```/.exec(DOCS) ?? [];
  function write(files: Readonly<Record<string, string>>): void {
    execFileSync('git', ['init', '-q', '-b', 'main', folder], { stdio: 'ignore' });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    execFileSync('git', ['-C', folder, 'add', '-A']);
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'one']);
  }

  function run(...words: readonly string[]) {
    const all = ['rbac', '--fleet', folder, '--name', 'demo', '--state', join(folder, '.state'), ...words];
    const env = { ...process.env, KUBECONFIG: join(folder, 'none') };
    return new Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }>(
      (resolve) => {
        const child = execFile(
          process.execPath,
          [join(ROOT, 'cli', 'plumbline.mjs'), ...all],
          { env },
          (_error, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
        );
      },
    );
  }

  it('prints the example of its page', async () => {
    write({
      'plumbline/cluster.yaml': CLUSTER,
      'plumbline/shop.yaml': declared,
      'apps/shop/web.yaml': WEB,
      'apps/platform/account.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: deployer}\n',
    });

    const { status, stdout } = await run('--application', 'shop', '--service-account', 'shop/deployer');

    assert.equal(status, 0);
    const [, shown] = /<!-- example -->\n```yaml\n([\s\S]*?)```/.exec(DOCS) ?? [];
    assert.equal(stdout, shown);
  });

  it('gives Plumbline the right to act as the account, and the account what the application needs', async () => {
    const { status, stdout } = await run('--user', 'worker', '--json');

    assert.equal(status, 0);
    const { clusters } = JSON.parse(stdout);
    const rolesOf = (name: string) =>
      clusters[0].objects.filter(
        (object: { kind: string; metadata: { name: string } }) =>
          object.kind === 'Role' && object.metadata.name === name,
      );
    const verbs = JSON.stringify(rolesOf('plumbline-demo'));
    assert.match(verbs, /"resources":\["serviceaccounts"\],"resourceNames":\["deployer"\],"verbs":\["impersonate"\]/);
    assert.doesNotMatch(verbs, /deployments/);
    assert.match(JSON.stringify(rolesOf('plumbline-demo-shop-deployer')), /deployments/);
    assert.match(stdout, /"kind": "User",\s*"name": "worker"/);
  });

  it('says which kinds it does not know, and fails', async () => {
    write({ 'apps/shop/mouse.yaml': 'apiVersion: example.com/v1\nkind: Mouse\nmetadata: {name: jerry}\n' });

    const { status, stdout, stderr } = await run();

    assert.equal(status, 1);
    assert.match(stdout, /^# {3}not in it: Mouse\.example\.com/m);
    assert.match(stderr, /Mouse\.example\.com: print rights: nobody says how it is called in rules/);
  });

  it('takes the word of a CRD of the fleet', async () => {
    const crd = {
      ...{
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'mice.example.com' },
      },
      spec: { group: 'example.com', scope: 'Namespaced', names: { kind: 'Mouse', plural: 'mice' }, versions: [] },
    };
    write({ 'apps/platform/crd.yaml': JSON.stringify(crd) });

    const { status, stdout } = await run();

    assert.equal(status, 0, stdout);
    assert.match(stdout, /^ {2}- mice$/m);
    assert.match(stdout, /^ {2}- mice\.example\.com$/m);
  });

  it('refuses what names no account', async () => {
    const { status, stderr } = await run('--service-account', 'deployer');

    assert.equal(status, 1);
    assert.match(stderr, /--service-account deployer: print rights: it names no ServiceAccount/);
  });
});
