/** CodeCommit with one repository, a key that may use it, and a clone to push from. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodeCommitClient } from '@aws-sdk/client-codecommit';
import { openCodeCommit } from '../../../../shared/adapters/codecommit/open-codecommit.ts';
import { signGitRequest } from '../../../../shared/adapters/codecommit/sign-git-request.ts';
import { GitHttpSource } from '../../../../shared/adapters/git-http/git-http-source.ts';
import type { Source } from '../../../../shared/job/ports.ts';
import type { CodeCommitEvent } from '../../../aws/codecommit/repository-events.ts';
import { type CodeCommit, type CodeCommitOptions, startCodeCommit } from '../../../aws/codecommit/start-codecommit.ts';
import { makeRepository, type TestRepository } from '../../../contract/source-repository.ts';

export const REGION = 'eu-west-1';
export const KEY = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'TOK/EN+==',
};

export interface CodeCommitAccount {
  readonly server: CodeCommit;
  readonly events: CodeCommitEvent[];
  readonly work: TestRepository;
  /** For the git command line: user and password stand in the address, as git-remote-codecommit puts them. */
  cloneUrl(key?: Partial<typeof KEY>, at?: Date): string;
  /** With `key` changed as told. */
  open(key?: Partial<typeof KEY>, name?: string): Source;
  remove(): Promise<void>;
}

export async function openAccount(options: Partial<CodeCommitOptions> = {}): Promise<CodeCommitAccount> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-codecommit-'));
  const { repository: work, remove } = await makeRepository();
  const events: CodeCommitEvent[] = [];
  const server = await startCodeCommit({
    folder,
    region: REGION,
    account: '123456789012',
    lookup: (id) => (id === KEY.accessKeyId ? KEY : undefined),
    onPush: (event) => void events.push(event),
    ...options,
  });
  await server.repositories.create('fleet');
  return {
    server,
    events,
    work,
    cloneUrl: (key = {}, at = new Date()) => {
      const { host } = new URL(server.endpoint);
      const path = '/v1/repos/fleet';
      const { username, password } = signGitRequest({ ...KEY, ...key }, { region: REGION, host, path, at });
      return `http://${encodeURIComponent(username)}:${password}@${host}${path}`;
    },
    open: (key = {}, name = 'fleet') => {
      const credentials = { ...KEY, ...key };
      const client = new CodeCommitClient({ region: REGION, endpoint: server.endpoint, credentials });
      const openGit = (place: ConstructorParameters<typeof GitHttpSource>[0]) =>
        new GitHttpSource({ ...place, limits: { retryWaitsMs: [1, 1] } });
      return openCodeCommit({ name, region: REGION }, { client, openGit, gitEndpoint: server.endpoint });
    },
    remove: async () => {
      await server.close();
      await remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
