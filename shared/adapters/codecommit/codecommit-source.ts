import { type CodeCommitClient, GetBranchCommand } from '@aws-sdk/client-codecommit';
import { PlumblineError } from '../../errors.ts';
import type { Source } from '../../job/ports.ts';
import type { Commit, Revision } from '../../model/revision.ts';
import type { SignableCommit } from '../../model/signable-commit.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { awsErrorName, awsFault, isDenied, isExpired } from '../aws/aws-fault.ts';
import type { CodeCommitPlace } from './codecommit-place.ts';

/** A ref that may be a branch: everything but a commit id, HEAD, full names of other refs and what no name may hold. */
const MAYBE_BRANCH = /^(?![0-9a-f]{40}$|HEAD$|refs\/(?!heads\/))(?:refs\/heads\/)?([^\s~^:?*[\\]+)$/i;
/** Git may know it as a tag or as the beginning of a commit id. */
const NO_BRANCH: ReadonlySet<string> = new Set([
  'BranchDoesNotExistException',
  'BranchNameRequiredException',
  'InvalidBranchNameException',
]);

/** What speaks Git always knows of signatures. */
export type GitServer = Required<Source>;

/** Heads by GetBranch, objects by Git: a branch that has not moved costs one small request. */
export class CodeCommitSource implements Source {
  readonly #place: CodeCommitPlace;
  readonly #client: CodeCommitClient;
  readonly #git: GitServer;

  constructor(parts: { readonly place: CodeCommitPlace; readonly client: CodeCommitClient; readonly git: GitServer }) {
    this.#place = parts.place;
    this.#client = parts.client;
    this.#git = parts.git;
  }

  async resolve(ref: string): Promise<Commit> {
    return this.#git.resolve(await this.#headOrRef(ref));
  }

  async signable(ref: string): Promise<SignableCommit> {
    return this.#git.signable(await this.#headOrRef(ref));
  }

  snapshot(revision: Revision): Promise<Snapshot> {
    return this.#git.snapshot(revision);
  }

  log(revision: Revision, options: { readonly limit: number; readonly path?: string }): Promise<readonly Commit[]> {
    return this.#git.log(revision, options);
  }

  async #headOrRef(ref: string): Promise<string> {
    const branch = MAYBE_BRANCH.exec(ref)?.[1];
    const head = branch === undefined ? undefined : await this.#headOf(branch);
    return head ?? ref;
  }

  /** Undefined: there is no such branch. */
  async #headOf(branchName: string): Promise<string | undefined> {
    const { name, region } = this.#place;
    try {
      const answer = await this.#client.send(new GetBranchCommand({ repositoryName: name, branchName }));
      return answer.branch?.commitId;
    } catch (error) {
      if (NO_BRANCH.has(awsErrorName(error))) return undefined;
      throw faultOf(error, { subject: `repository ${name} in ${region}`, act: `read branch "${branchName}"` });
    }
  }
}

function faultOf(error: unknown, act: { readonly subject: string; readonly act: string }): PlumblineError {
  if (awsErrorName(error) === 'RepositoryDoesNotExistException') {
    const remedy = 'check name and region of spec.codecommit, and the account whose role is used';
    return new PlumblineError([{ code: 'SourceNotFound', ...act, wrong: 'there is no such repository', remedy }]);
  }
  const isRefused = isDenied(error) || isExpired(error);
  return awsFault(error, { ...act, code: isRefused ? 'CredentialsExpired' : 'SourceUnreachable' });
}
