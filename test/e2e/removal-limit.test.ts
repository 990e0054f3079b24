/** Removals that are too many for a fleet, as people meet them: the command on a real repository and a real API server. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { isJsonObject } from '../../shared/model/json.ts';
import { callApi } from '../controlplane/call-api.ts';
import { sharedCluster } from '../controlplane/shared-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';
import { type Ran, runCommand } from './cli/cli-lab.ts';

const execute = promisify(execFile);
const prefix = `lim-${randomBytes(4).toString('hex')}`;
const ALL = Array.from({ length: 10 }, (_, index) => `app-${index}`);
let cluster: TestCluster;
let folder: string;
let repository: string;

before(async () => {
  cluster = await sharedCluster();
  folder = await mkdtemp(join(tmpdir(), 'plumbline-limit-'));
  repository = join(folder, prefix);
  await mkdir(repository);
  await git('init', '-q', '-b', 'main');
});
after(async () => {
  await rm(folder, { recursive: true });
});

async function git(...words: readonly string[]): Promise<string> {
  const who = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.test'];
  const { stdout } = await execute('git', [...who, ...words], { cwd: repository });
  return stdout.trim();
}

/** Commits a fleet of one cluster with those applications; returns the commit's id. */
async function commit(names: readonly string[], subject: string, limits?: string): Promise<string> {
  const api = 'apiVersion: plumbline.dev/v1';
  const declarations = [
    `${api}\nkind: Cluster\nmetadata: {name: only}\nspec: {kubeconfig: {context: ${cluster.context}}}`,
    ...names.map(
      (name) =>
        `${api}\nkind: Application\nmetadata: {name: ${name}}\nspec: {source: {path: apps/${name}}, clusters: {all: true}, namespace: ${prefix}, createNamespace: true}`,
    ),
    ...(limits === undefined ? [] : [`${api}\nkind: Fleet\nmetadata: {name: ours}\nspec: {removalLimit: ${limits}}`]),
  ];
  await mkdir(join(repository, 'plumbline'), { recursive: true });
  await writeFile(join(repository, 'plumbline', 'all.yaml'), declarations.join('\n---\n'));
  for (const name of names) {
    await mkdir(join(repository, 'apps', name), { recursive: true });
    await writeFile(
      join(repository, 'apps', name, 'it.yaml'),
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: b}\n`,
    );
  }
  await git('add', '.');
  await git('commit', '-q', '-m', subject);
  return git('rev-parse', 'HEAD');
}

function plumbline(...words: readonly string[]): Promise<Ran> {
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfigPath, XDG_STATE_HOME: join(folder, 'state') };
  return runCommand(words, { cwd: repository, env: { ...env, FORCE_COLOR: undefined, NO_COLOR: undefined } });
}

async function present(): Promise<readonly string[]> {
  const path = `/api/v1/namespaces/${prefix}/configmaps`;
  const { body } = await callApi(cluster, { method: 'GET', path });
  const items = isJsonObject(body) && Array.isArray(body.items) ? body.items : [];
  const names = items.map((item) => (isJsonObject(item) && isJsonObject(item.metadata) ? item.metadata.name : ''));
  return ALL.filter((name) => names.includes(name));
}

/** One after the other: each goes on with what the one before it left. */
describe('a commit that takes three of ten applications away', () => {
  const held =
    /app-7, app-8, app-9 would be removed here, with 3 of the fleet's 10 applications in clusters, more than 20%/;

  it('waits for a person, and everything stays', async () => {
    await commit(ALL, 'ten');
    assert.equal((await plumbline('apply')).status, 0);

    await commit(ALL.slice(0, 7), 'seven');
    const planned = await plumbline('plan');
    const { status, stdout } = await plumbline('apply');

    assert.deepEqual([planned.status, status === 0], [1, false]);
    const [said, ran] = [planned.stdout, stdout].map((text) => text.replaceAll(/\s+/g, ' '));
    assert.match(said ?? '', held);
    assert.match(said ?? '', /plumbline approve --cluster only --refusal [0-9a-f]{12}/);
    assert.doesNotMatch(said ?? '', /will be deleted/);
    assert.match(ran ?? '', held);
    assert.deepEqual(await present(), ALL);
  });

  it('still waits when the state is lost', async () => {
    await rm(join(folder, 'state'), { recursive: true });

    const planned = await plumbline('plan');
    const { stdout } = await plumbline('apply');

    assert.match(planned.stdout.replaceAll(/\s+/g, ' '), held);
    assert.match(stdout.replaceAll(/\s+/g, ' '), held);
    assert.deepEqual(await present(), ALL);
  });

  it('waits when it comes in several small steps that nobody could bring in between', async () => {
    await commit(ALL.slice(0, 8), 'eight');
    await commit(ALL.slice(0, 7), 'seven again');

    await plumbline('apply');

    assert.deepEqual(await present(), ALL);
  });

  it('goes once the revision is approved', async () => {
    const revision = await git('rev-parse', 'HEAD');
    const answer = await plumbline('approve', revision.slice(0, 10));

    const { status } = await plumbline('apply');

    assert.match(answer.stdout, /^asked only to approve what is refused of [0-9a-f]{7}; the next run does it/);
    assert.equal(status, 0);
    assert.deepEqual(await present(), ALL.slice(0, 7));
  });

  it('goes without a word where the Fleet says so', async () => {
    await commit(ALL.slice(0, 4), 'four, with a limit', '{fleet: 60%}');

    const planned = await plumbline('plan');
    const { status } = await plumbline('apply');

    assert.equal(planned.status, 2);
    assert.match(planned.stdout, /3 objects will be deleted in 1 cluster/);
    assert.equal(status, 0);
    assert.deepEqual(await present(), ALL.slice(0, 4));
  });

  it('is planned by the limit that the Fleet sets for one cluster', async () => {
    await commit(ALL.slice(0, 1), 'one', '{fleet: 80%}');
    const refused = await plumbline('plan');
    await commit(ALL.slice(0, 1), 'one, with both limits', '{fleet: 80%, cluster: 80%}');
    const allowed = await plumbline('plan');

    assert.deepEqual([refused.status, allowed.status], [1, 2]);
    assert.match(refused.stdout.replaceAll(/\s+/g, ' '), /3 of its 4 applications would be removed, more than 50%/);
  });
});
