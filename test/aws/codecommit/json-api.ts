/** The few operations of CodeCommit's JSON API that are used, as the service answers them (botocore, codecommit 2015-04-13). */
import type { BareRepositories } from './bare-repositories.ts';
import { repositoryId } from './repository-events.ts';

export interface ApiPlace {
  readonly repositories: BareRepositories;
  readonly account: string;
  readonly region: string;
  /** Of clones: `http://127.0.0.1:1234`. */
  readonly endpoint: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

export async function answerApi(place: ApiPlace, operation: string, input: unknown): Promise<ApiAnswer> {
  const name = textAt(input, 'repositoryName');
  const isThere = place.repositories.has(name);
  if (operation === 'CreateRepository') {
    if (isThere) return refuse('RepositoryNameExistsException', `Repository named ${name} already exists`);
    await place.repositories.create(name);
    return { status: 200, body: { repositoryMetadata: await describe(place, name) } };
  }
  if (operation !== 'GetBranch' && operation !== 'GetRepository') return refuse('UnknownOperationException', operation);
  if (!isThere) return refuse('RepositoryDoesNotExistException', `${name} does not exist`);
  if (operation === 'GetRepository') return { status: 200, body: { repositoryMetadata: await describe(place, name) } };
  const branchName = textAt(input, 'branchName');
  if (branchName.length > 256 || /[\s~^:?*[\\]|\.\./.test(branchName)) {
    return refuse('InvalidBranchNameException', `${branchName} is not a valid branch name`);
  }
  const commitId = (await place.repositories.refs(name)).get(`refs/heads/${branchName}`);
  if (commitId === undefined) return refuse('BranchDoesNotExistException', `Branch ${branchName} does not exist`);
  return { status: 200, body: { branch: { branchName, commitId } } };
}

async function describe({ repositories, account, region, endpoint }: ApiPlace, name: string) {
  const defaultBranch = await repositories.defaultBranch(name);
  return {
    accountId: account,
    repositoryId: repositoryId(name),
    repositoryName: name,
    ...(defaultBranch !== undefined && { defaultBranch }),
    cloneUrlHttp: `${endpoint}/v1/repos/${name}`,
    Arn: `arn:aws:codecommit:${region}:${account}:${name}`,
  };
}

function refuse(type: string, message: string): ApiAnswer {
  return { status: 400, body: { __type: type, message } };
}

function textAt(input: unknown, key: string): string {
  const value = typeof input === 'object' && input !== null ? Object.entries(input).find(([name]) => name === key) : [];
  return typeof value?.[1] === 'string' ? value[1] : '';
}
