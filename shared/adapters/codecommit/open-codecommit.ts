/**
 * A repository in CodeCommit. The API tells where a branch stands; everything else is Git over HTTPS, since the API
 * would need one request a folder. Git itself comes from the wiring: adapters do not know each other.
 */
import type { CodeCommitClient } from '@aws-sdk/client-codecommit';
import type { CodeCommitPlace } from './codecommit-place.ts';
import { CodeCommitSource, type GitServer } from './codecommit-source.ts';
import { signGitRequest } from './sign-git-request.ts';

export interface GitPlace {
  readonly url: string;
  readonly credentials: { authorization(request: { readonly url: URL }): Promise<string> };
}

export interface CodeCommitDeps {
  /** Opens a repository over Git's smart HTTP. */
  readonly openGit: (place: GitPlace) => GitServer;
  /** Its credentials sign Git's requests too. */
  readonly client: CodeCommitClient;
  /** Host, or `http://host:port`, in place of AWS's own for Git: CODE_COMMIT_ENDPOINT, as git-remote-codecommit reads it. */
  readonly gitEndpoint?: string | undefined;
}

/** Returns the repository; nothing is asked yet. */
export function openCodeCommit(place: CodeCommitPlace, { client, openGit, gitEndpoint }: CodeCommitDeps): GitServer {
  const { name, region } = place;
  const path = `/v1/repos/${name}`;
  const credentials: GitPlace['credentials'] = {
    // The path of the repository is signed, not that of the request; the time is that of each request.
    authorization: async ({ url }) => {
      const keys = await client.config.credentials();
      const { username, password } = signGitRequest(keys, { region, host: url.host, path, at: new Date() });
      return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    },
  };
  return new CodeCommitSource({
    place,
    client,
    git: openGit({ url: `${gitOrigin(region, gitEndpoint)}${path}`, credentials }),
  });
}

/** Returns where Git is spoken: `https://git-codecommit.eu-west-1.amazonaws.com`. */
function gitOrigin(region: string, endpoint: string | undefined): string {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const place = endpoint ?? `git-codecommit.${region}.${domain}`;
  return /^https?:\/\//.test(place) ? place.replace(/\/+$/, '') : `https://${place}`;
}
