/** The demo's fleet repository: a copy of examples/fleet, changed by commits as a person would make them. */
import { execFile } from 'node:child_process';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PlumblineError } from '../../shared/errors.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/fleet', import.meta.url));
const AUTHOR = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', '-c', 'commit.gpgsign=false'];
const run = promisify(execFile);

/** How names begin in the example: namespaces `demo-shop`, the API group `demo.plumbline.dev`. */
export const EXAMPLE_PREFIX = 'demo';

export interface DemoFleet {
  /** Kubeconfig contexts of its two clusters. */
  readonly contexts: readonly [string, string];
  /** How the names of its namespaces and of its API group begin. */
  readonly prefix: string;
}

export class DemoRepository {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Copies the example under the names of `fleet` and makes the first commit. */
  async create({ contexts, prefix }: DemoFleet): Promise<void> {
    await cp(EXAMPLE, this.path, { recursive: true });
    const [staging, production] = contexts.map((context) => JSON.stringify(context));
    await this.#rewrite((text) =>
      text
        .replace('kubeconfig: {context: staging}', `kubeconfig: {context: ${staging}}`)
        .replace('kubeconfig: {context: production}', `kubeconfig: {context: ${production}}`)
        .replaceAll(/\bdemo(?=-(greetings|inventory|notifier|shop)\b|\.plumbline\.dev)/g, prefix),
    );
    await this.#git('init', '--quiet', '--initial-branch=main');
    await this.commit('the fleet');
  }

  async #rewrite(change: (text: string) => string): Promise<void> {
    const files = await readdir(this.path, { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile())) {
      const path = join(file.parentPath, file.name);
      const text = await readFile(path, 'utf8');
      if (change(text) !== text) await writeFile(path, change(text));
    }
  }

  /** @throws {Error} when the edit changes nothing: the demo would wait for ever. */
  async edit(file: string, change: (text: string) => string): Promise<void> {
    const path = join(this.path, file);
    const before = await readFile(path, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${file} has nothing to edit`);
    await writeFile(path, after);
  }

  remove(file: string): Promise<void> {
    return rm(join(this.path, file));
  }

  /** Commits everything; returns the commit id. */
  async commit(message: string): Promise<string> {
    await this.#git('add', '--all');
    await this.#git(...AUTHOR, 'commit', '--quiet', `--message=${message}`);
    return this.head();
  }

  /** Reverts commits, newest first, one new commit for each. */
  async revert(...commits: readonly string[]): Promise<string> {
    await this.#git(...AUTHOR, 'revert', '--no-edit', ...commits);
    return this.head();
  }

  /** Returns the commit with that message. */
  async find(message: string): Promise<string> {
    return (await this.#git('log', '--format=%H', '--max-count=1', `--grep=^${message}$`)).trim();
  }

  async head(): Promise<string> {
    return (await this.#git('rev-parse', 'HEAD')).trim();
  }

  async #git(...parameters: readonly string[]): Promise<string> {
    try {
      return (await run('git', [...parameters], { cwd: this.path })).stdout;
    } catch (error) {
      const wrong = error instanceof Error ? error.message.trim() : String(error);
      const remedy = 'the demo needs git on the PATH';
      throw new PlumblineError([{ code: 'ConfigInvalid', subject: this.path, act: 'run git', wrong, remedy }], {
        cause: error,
      });
    }
  }
}
