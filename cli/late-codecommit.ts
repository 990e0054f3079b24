/** CodeCommit from the command line, with the AWS credentials of the environment. Loaded by the first command that reads from it. */
import type { CodeCommitPlace } from '../shared/adapters/codecommit/codecommit-place.ts';
import type { GitServer } from '../shared/adapters/codecommit/codecommit-source.ts';
import type { GitPlace } from '../shared/adapters/codecommit/open-codecommit.ts';
import { readCodeCommitEndpoint } from '../shared/config/codecommit-endpoint.ts';
import type { Source } from '../shared/job/ports.ts';

export interface CodeCommitSettings {
  readonly fleet: string;
  /** What the repository's role may ask for (`sts:ExternalId`). */
  readonly externalId: string | undefined;
  readonly openGit: (place: GitPlace) => GitServer;
}

export function lateCodeCommit(place: CodeCommitPlace, settings: CodeCommitSettings): Source {
  let loaded: Promise<GitServer> | undefined;
  const source = (): Promise<GitServer> => {
    loaded ??= load(place, settings);
    return loaded;
  };
  return {
    signable: async (ref) => (await source()).signable(ref),
    resolve: async (ref) => (await source()).resolve(ref),
    snapshot: async (revision) => (await source()).snapshot(revision),
    log: async (revision, options) => (await source()).log(revision, options),
  };
}

async function load(place: CodeCommitPlace, { fleet, externalId, openGit }: CodeCommitSettings): Promise<GitServer> {
  const [{ makeCodeCommitClient }, { openCodeCommit }] = await Promise.all([
    import('../shared/adapters/codecommit/make-client.ts'),
    import('../shared/adapters/codecommit/open-codecommit.ts'),
  ]);
  const client = makeCodeCommitClient(place, { sessionName: `plumbline-${fleet}`, externalId });
  return openCodeCommit(place, { client, openGit, gitEndpoint: readCodeCommitEndpoint() });
}
