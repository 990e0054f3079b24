/** A fleet repository that a test writes: files, a commit, a push. Cheaper than the example: one ConfigMap a cluster. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { callApi } from '../../controlplane/call-api.ts';
import type { AwsLocal } from '../aws-local.ts';
import type { EksCluster } from '../clusters/eks-clusters.ts';
import { ACCESS_ROLE } from './story-stack.ts';

const run = promisify(execFile);
const AUTHOR = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', '-c', 'commit.gpgsign=false'];

const APPLICATION = `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: settings}
spec: {source: {path: apps/settings}, clusters: {matchLabels: {stage: tiny}}, namespace: default}
`;
const KUSTOMIZATION = `configMapGenerator:
- name: settings
  files: [values.txt]
generatorOptions: {disableNameSuffixHash: true}
`;

export class TinyFleet {
  readonly path: string;
  readonly #aws: AwsLocal;

  private constructor(path: string, aws: AwsLocal) {
    this.path = path;
    this.#aws = aws;
  }

  /** Declares the clusters of the stack and one application with a ConfigMap `settings`; nothing is pushed yet. */
  static async create(aws: AwsLocal): Promise<TinyFleet> {
    const fleet = new TinyFleet(await mkdtemp(join(tmpdir(), 'plumbline-tiny-')), aws);
    await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: fleet.path });
    const clusters = aws.clusters.map(({ name }) => declareCluster(name));
    await fleet.write({
      'plumbline/clusters.yaml': clusters.join('---\n'),
      'plumbline/settings.yaml': APPLICATION,
      'apps/settings/kustomization.yaml': KUSTOMIZATION,
      'apps/settings/values.txt': 'first',
    });
    return fleet;
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.path, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
  }

  /** Commits and pushes; returns the commit id. */
  async push(message = 'a change'): Promise<string> {
    const commit = await this.commit(message);
    await this.#aws.push(this.path);
    return commit;
  }

  /** Commits, and returns the commit id. */
  async commit(message: string): Promise<string> {
    await run('git', ['add', '--all'], { cwd: this.path });
    await run('git', [...AUTHOR, 'commit', '--quiet', '--allow-empty', `--message=${message}`], { cwd: this.path });
    return (await run('git', ['rev-parse', 'HEAD'], { cwd: this.path })).stdout.trim();
  }

  /** Sets the one value and pushes. */
  async set(value: string): Promise<string> {
    await this.write({ 'apps/settings/values.txt': value });
    return this.push(`set ${value}`);
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Returns the value as it stands in a cluster; undefined: the object is not there. */
export async function valueIn({ plane }: EksCluster): Promise<string | undefined> {
  const { status, body } = await callApi(plane, { path: '/api/v1/namespaces/default/configmaps/settings' });
  return status === 200 ? (body as { data: Record<string, string> }).data['values.txt'] : undefined;
}

function declareCluster(name: string): string {
  return `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: ${name}, labels: {stage: tiny}}
spec: {eks: {name: ${name}, region: eu-west-1, roleArn: "${ACCESS_ROLE}"}}
`;
}
