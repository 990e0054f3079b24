/** Repositories in AWS, read with the rights of the planner or those of a role that it may assume. */
import { makeCodeCommitClient } from '../../shared/adapters/codecommit/make-client.ts';
import { openCodeCommit } from '../../shared/adapters/codecommit/open-codecommit.ts';
import { sessionNameOf } from '../../shared/adapters/eks/session-name.ts';
import { GitHttpSource } from '../../shared/adapters/git-http/git-http-source.ts';
import type { ObjectCache } from '../../shared/adapters/git-http/object-cache.ts';
import { makeBucketClient } from '../../shared/adapters/s3-source/make-client.ts';
import { S3Source } from '../../shared/adapters/s3-source/s3-source.ts';
import { readCodeCommitEndpoint } from '../../shared/config/codecommit-endpoint.ts';
import type { FunctionSettings } from '../../shared/config/function-settings.ts';
import type { Source } from '../../shared/job/ports.ts';
import type { RepositorySpec } from './open-repository.ts';

/** Undefined: it is none of AWS. */
export function openAwsRepository(
  { settings, cache }: { readonly settings: FunctionSettings; readonly cache: ObjectCache },
  { codecommit, s3 }: RepositorySpec,
): Source | undefined {
  const sessionOf = (roleArn = '') => {
    const sessionName = sessionNameOf(settings.text('fleet'), roleArn);
    return { sessionName, externalId: settings.optional('externalId') };
  };
  if (s3 !== undefined) return new S3Source(s3, makeBucketClient(s3, sessionOf(s3.roleArn)));
  if (codecommit === undefined) return undefined;
  const client = makeCodeCommitClient(codecommit, sessionOf(codecommit.roleArn));
  const gitEndpoint = readCodeCommitEndpoint();
  return openCodeCommit(codecommit, { client, gitEndpoint, openGit: (git) => new GitHttpSource({ ...git, cache }) });
}
