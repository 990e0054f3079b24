/** Keys made by ssh-keygen and gpg in folders of their own, and commits and tags that the git command line signs with them. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SignableCommit } from '../../../shared/model/signable-commit.ts';
import type { TrustedKey } from '../../../shared/signatures/trusted-key.ts';
import { makeRepository, type TestRepository } from '../../contract/source-repository.ts';

const run = promisify(execFile);

/** The reason why tests with gpg are skipped; false: they are not. */
export const WITHOUT_GPG: string | false =
  spawnSync('gpg', ['--version']).error === undefined ? false : 'gpg is not installed';

export interface Signer {
  readonly trusted: TrustedKey;
  /** Settings of git (`-c`) to sign with it. */
  readonly settings: readonly string[];
}

export interface SigningDesk {
  readonly repository: TestRepository;
  /** Makes a key of SSH: `ed25519`, `ecdsa`, `rsa`. */
  sshKey(name: string, ...options: readonly string[]): Promise<Signer>;
  /** @param use as gpg's `--quick-generate-key` takes it: algorithm, usage, expiry. */
  gpgKey(name: string, use?: readonly string[]): Promise<Signer>;
  gpg(...args: readonly string[]): Promise<string>;
  exportKey(name: string): Promise<TrustedKey>;
  /** Commits with a signature; without a signer with none. Returns the id. */
  commit(subject: string, signer?: Signer): Promise<string>;
  tag(name: string, signer?: Signer): Promise<void>;
  /** Returns the raw objects. */
  signable(ref: string, tag?: string): Promise<SignableCommit>;
  remove(): Promise<void>;
}

export async function openSigningDesk(): Promise<SigningDesk> {
  const { repository, remove } = await makeRepository();
  const folder = await mkdtemp(join(tmpdir(), 'pl-keys-'));
  // A socket's path has at most 108 bytes, so the home of gpg lies near the root.
  const home = await mkdtemp(join(tmpdir(), 'pg-'));
  const gpg = async (...args: readonly string[]): Promise<string> => {
    const quiet = ['--homedir', home, '--batch', '--yes', '--pinentry-mode', 'loopback', '--passphrase', ''];
    return (await run('gpg', [...quiet, ...args])).stdout;
  };
  const exportKey = async (name: string): Promise<TrustedKey> => {
    return { name, openpgp: await gpg('--armor', '--export', `${name}@example.com`) };
  };
  const program = join(folder, 'gpg.sh');
  await writeFile(
    program,
    `#!/bin/sh\nexec gpg --homedir ${home} --batch --pinentry-mode loopback --passphrase '' "$@"\n`,
    {
      mode: 0o755,
    },
  );
  const settingsOf = (settings: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const git = async (signer: Signer | undefined, ...args: readonly string[]): Promise<string> =>
    repository.git(...(signer?.settings ?? []), ...args);
  const content = (type: string, id: string): Uint8Array =>
    execFileSync('git', ['-C', repository.path, 'cat-file', type, id]);
  return {
    repository,
    gpg,
    exportKey,
    sshKey: async (name, ...options) => {
      const path = join(folder, name);
      await run('ssh-keygen', ['-q', '-N', '', '-C', name, '-f', path, '-t', ...options]);
      const settings = settingsOf({ 'gpg.format': 'ssh', 'user.signingkey': path });
      return { trusted: { name, ssh: await readFile(`${path}.pub`, 'utf8') }, settings };
    },
    gpgKey: async (name, use = ['ed25519', 'sign', 'never']) => {
      await gpg('--quick-generate-key', `${name}@example.com`, ...use);
      const settings = settingsOf({ 'gpg.program': program, 'user.signingkey': `${name}@example.com` });
      return { trusted: await exportKey(name), settings };
    },
    commit: async (subject, signer) => {
      const signing = signer === undefined ? '--no-gpg-sign' : '--gpg-sign';
      await git(signer, 'commit', '--quiet', '--allow-empty', signing, '-m', subject);
      return repository.git('rev-parse', 'HEAD');
    },
    tag: async (name, signer) => {
      await git(signer, 'tag', signer === undefined ? '--annotate' : '--sign', '-m', 'a release', name);
    },
    signable: async (ref, tag) => {
      const revision = await repository.git('rev-parse', `${ref}^{commit}`);
      return {
        commit: { revision, subject: 'a change', author: 'Ana', committedAtMs: 0 },
        content: content('commit', revision),
        ...(tag !== undefined && { tag: { name: tag, content: content('tag', `refs/tags/${tag}`) } }),
      };
    },
    remove: async () => {
      await remove();
      // gpg's agent ends by itself when its home is gone.
      await rm(home, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
