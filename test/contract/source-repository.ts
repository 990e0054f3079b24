/** A real Git repository in a directory of its own, made with the git command line, for tests. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Text of a file by path; `{ link }` makes a symlink, `undefined` removes the file. */
export type FileChanges = Readonly<Record<string, string | { readonly link: string } | undefined>>;

export class TestRepository {
  readonly path: string;
  #commits = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Runs git without the settings of the person who runs the tests; returns what it prints, trimmed. */
  async git(...args: readonly string[]): Promise<string> {
    const time = `${1_700_000_000 + this.#commits * 60} +0000`;
    const { stdout } = await run('git', ['-C', this.path, ...args], {
      env: {
        PATH: `${process.env.PATH}`,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_SYSTEM: '/dev/null',
        GIT_AUTHOR_NAME: 'Ana',
        GIT_AUTHOR_EMAIL: 'ana@example.com',
        GIT_COMMITTER_NAME: 'Ana',
        GIT_COMMITTER_EMAIL: 'ana@example.com',
        GIT_AUTHOR_DATE: time,
        GIT_COMMITTER_DATE: time,
      },
    });
    return stdout.trim();
  }

  async write(files: FileChanges): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      const target = join(this.path, path);
      await rm(target, { recursive: true, force: true });
      if (content === undefined) continue;
      await mkdir(dirname(target), { recursive: true });
      await (typeof content === 'string' ? writeFile(target, content) : symlink(content.link, target));
    }
  }

  /** Returns the full id. A minute passes between two commits. */
  async commit(subject: string, files: FileChanges, options: { readonly author?: string } = {}): Promise<string> {
    await this.write(files);
    await this.git('add', '--all');
    this.#commits += 1;
    const { author = 'Ana' } = options;
    await this.git('commit', '--quiet', '--allow-empty', '-m', subject, `--author=${author} <${author}@example.com>`);
    return this.git('rev-parse', 'HEAD');
  }
}

/** Makes an empty repository on branch `main`; `remove` deletes it. */
export async function makeRepository(): Promise<{
  readonly repository: TestRepository;
  readonly remove: () => Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), 'plumbline-repository-'));
  const repository = new TestRepository(path);
  await repository.git('init', '--quiet', '--initial-branch=main');
  return { repository, remove: () => rm(path, { recursive: true, force: true }) };
}
