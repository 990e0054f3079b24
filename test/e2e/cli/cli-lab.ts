/** The command as people run it: real processes on a copy of the example fleet, with a state folder of their own. */
import assert from 'node:assert/strict';
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { DemoRepository } from '../../../cli/demo/demo-repository.ts';
import { ROOT } from '../../architecture/source-files.ts';
import type { TestCluster } from '../../controlplane/test-cluster.ts';

const COMMAND = join(ROOT, 'cli', 'plumbline.mjs');
/** Far above what any command takes, and below the limit of a test. */
const TIMEOUT_MS = 240_000;

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliLab {
  /** Fleet, namespaces and API group are named so; one lab never meets another in the shared cluster. */
  readonly prefix: string;
  readonly folder: string;
  readonly repository: DemoRepository;
  /** In the fleet repository. */
  run(words: readonly string[], variables?: NodeJS.ProcessEnv): Promise<Ran>;
  start(words: readonly string[]): RunningCommand;
  remove(): Promise<void>;
}

/** Makes a lab whose fleet has one cluster, `staging`, and a Secret with `secret` in it. */
export async function openCliLab(cluster: TestCluster, { secret }: { readonly secret: string }): Promise<CliLab> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-cli-'));
  const prefix = `cli-${randomBytes(4).toString('hex')}`;
  const repository = new DemoRepository(join(folder, prefix));
  await repository.create({ contexts: [cluster.context, 'elsewhere'], prefix });
  await repository.edit('plumbline/clusters.yaml', (text) => text.slice(0, text.indexOf('---')));
  await repository.edit('plumbline/applications/notifier.yaml', (text) => text.replace(', production]', ']'));
  const manifest = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'stock-api' }, stringData: { token: secret } };
  await writeFile(join(repository.path, 'apps/inventory/secret.yaml'), JSON.stringify(manifest));
  await repository.commit('one cluster');
  const environment = {
    ...process.env,
    KUBECONFIG: cluster.kubeconfigPath,
    XDG_STATE_HOME: join(folder, 'state'),
    FORCE_COLOR: undefined,
    NO_COLOR: undefined,
  };
  return {
    prefix,
    folder,
    repository,
    run: (words, variables = {}) => runCommand(words, { cwd: repository.path, env: { ...environment, ...variables } }),
    start: (words) => new RunningCommand(words, { cwd: repository.path, env: environment }),
    remove: () => rm(folder, { recursive: true }),
  };
}

interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs the command to its end. */
export function runCommand(words: readonly string[], surroundings: Surroundings): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const options = { ...surroundings, timeout: TIMEOUT_MS, maxBuffer: 2 ** 24 };
    const child = execFile(process.execPath, [COMMAND, ...words], options, (_error, stdout, stderr) => {
      if (child.exitCode === null) reject(new Error(`${words.join(' ')} was ended by ${child.signalCode}: ${stderr}`));
      else resolve({ status: child.exitCode, stdout, stderr });
    });
  });
}

/** A command that goes on until it is told to end. */
export class RunningCommand {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #values: unknown[] = [];
  #stderr = '';

  constructor(words: readonly string[], surroundings: Surroundings) {
    this.#child = spawn(process.execPath, [COMMAND, ...words], { ...surroundings, stdio: ['ignore', 'pipe', 'pipe'] });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#values.push(JSON.parse(line)));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
  }

  /** What it has printed, a JSON value a line. */
  get values(): readonly unknown[] {
    return this.#values;
  }

  async interrupt(): Promise<{ readonly status: number | null; readonly stderr: string }> {
    assert.equal(this.#child.exitCode, null, this.#stderr);
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGINT');
    await closed;
    return { status: this.#child.exitCode, stderr: this.#stderr };
  }

  /** For a test that failed before its end. */
  end(): void {
    this.#child.kill('SIGKILL');
  }
}
