import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ENVIRONMENT = { PATH: `${process.env.PATH}`, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };

/** The bare repositories of one folder, by name. */
export class BareRepositories {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  has(name: string): boolean {
    // Names as CodeCommit allows them; "." and ".." would leave the folder.
    return /^(?!\.+$)[\w.-]{1,100}$/.test(name) && existsSync(join(this.folder, name, 'HEAD'));
  }

  async create(name: string): Promise<void> {
    await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', join(this.folder, name)], {
      env: ENVIRONMENT,
    });
    await this.#git(name, 'config', 'http.receivepack', 'true');
  }

  /** Commit (or tag) ids by full ref name. */
  async refs(name: string): Promise<ReadonlyMap<string, string>> {
    const lines = (await this.#git(name, 'for-each-ref', '--format=%(refname) %(objectname)')).split('\n');
    return new Map(
      lines.filter((line) => line !== '').map((line) => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']),
    );
  }

  /** The branch that HEAD names, if it exists. */
  async defaultBranch(name: string): Promise<string | undefined> {
    const head = await this.#git(name, 'symbolic-ref', 'HEAD');
    return (await this.refs(name)).has(head) ? head.slice('refs/heads/'.length) : undefined;
  }

  async #git(name: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await run('git', ['-C', join(this.folder, name), ...args], { env: ENVIRONMENT });
    return stdout.trim();
  }
}
