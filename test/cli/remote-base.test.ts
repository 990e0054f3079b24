/** A kustomization with a base on a Git server, on one machine: checked and rendered by the command line. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeRepository, type TestRepository } from '../contract/source-repository.ts';
import { runCommand } from '../e2e/cli/cli-lab.ts';
import { type ServedRepository, serveRepository } from '../unit/adapters/git-http/served-repository.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n';
const DECLARATIONS = `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: prod}
spec: {kubeconfig: {context: prod}, parameters: {tag: "2.0"}}
---
apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: web}
spec: {clusters: {all: true}, source: {path: web}, render: {kustomize: {labels: [{pairs: {tag: "\${cluster.parameters.tag}"}}]}}}
`;

describe('a base on a Git server', () => {
  let served: ServedRepository;
  let fleet: TestRepository;
  let removeFleet: () => Promise<void>;
  let home: string;
  let commit: string;
  before(async () => {
    served = await serveRepository();
    commit = await served.push('base', {
      'deploy/kustomization.yaml': 'resources: [a.yaml]\n',
      'deploy/a.yaml': CONFIG_MAP,
    });
    await served.push('later', { 'deploy/a.yaml': CONFIG_MAP.replace('v}', 'later}') });
    ({ repository: fleet, remove: removeFleet } = await makeRepository());
    home = await mkdtemp(join(tmpdir(), 'plumbline-base-'));
  });
  after(async () => {
    await served.remove();
    await removeFleet();
    await rm(home, { recursive: true, force: true });
  });

  const run = (...words: readonly string[]) =>
    runCommand([...words, '--fleet', fleet.path, '--state', join(home, 'state')], {
      cwd: home,
      env: {
        ...process.env,
        HOME: home,
        XDG_STATE_HOME: undefined,
        XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
      },
    });
  const url = () => `${served.server.url}/fleet.git`;
  const kustomization = () => `resources:\n- ${url()}//deploy?ref=${commit}\nnamePrefix: x-\n`;

  it('is refused with the declaration to add while the fleet does not declare it, and nobody is called', async () => {
    await fleet.commit('undeclared', { 'plumbline/all.yaml': DECLARATIONS, 'web/kustomization.yaml': kustomization() });
    const before = served.server.requests.length;

    const { status, stdout, stderr } = await run('validate');

    assert.equal(status, 1);
    const said = `${stdout}${stderr}`;
    assert.match(said, /web\/kustomization\.yaml:2:3/);
    assert.ok(said.replaceAll(/\s+/g, ' ').includes(`spec: {git: {url: "${url()}"}}}`), said);
    assert.equal(served.server.requests.length, before);
  });

  it('is rendered at its commit once it is declared, with what the application lays over', async () => {
    const repository = `apiVersion: plumbline.dev/v1\nkind: Repository\nmetadata: {name: base}\nspec: {git: {url: "${url()}"}}\n`;
    await fleet.commit('declared', { 'plumbline/base.yaml': repository });

    const { status, stdout, stderr } = await run('render', '--json');

    assert.equal(status, 0, `${stdout}${stderr}`);
    const [{ applications }] = JSON.parse(stdout).clusters;
    const [{ object, source }] = applications[0].objects;
    assert.deepEqual(object.metadata, { name: 'x-a', labels: { tag: '2.0' } });
    assert.deepEqual(object.data, { k: 'v' });
    assert.match(source.path, /^\.plumbline\/bases\/127\.0\.0\.1.*@[0-9a-f]{40}\/deploy\/a\.yaml$/);
  });

  it('says where more of the repository counts as read than may be read', async () => {
    await fleet.commit('plugins that a kustomization makes', {
      'web/kustomization.yaml': 'resources: [b.yaml]\ntransformers: [../made]\n',
      'web/b.yaml': CONFIG_MAP,
      'made/kustomization.yaml': 'resources: [t.yaml]\n',
      'made/t.yaml':
        'apiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: p}\nprefix: z-\nfieldSpecs: [{path: metadata/name}]\n',
    });

    const { status, stdout, stderr } = await run('validate');

    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.match(
      `${stdout}${stderr}`.replaceAll(/\s+/g, ' '),
      /web\/kustomization\.yaml:2:16: which files these plugins read cannot be known/,
    );
  });
});
