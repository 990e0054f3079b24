/**
 * The repositories that one machine reads: folders, Git servers, registries of charts and artifacts; CodeCommit, ECR and buckets
 * with the credentials of whoever runs it.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { holdsChartsOnly, openChartSources } from '../shared/adapters/chart-repository/chart-sources.ts';
import { GitSource } from '../shared/adapters/git/git-source.ts';
import { type GitCredentials, secretCredentials } from '../shared/adapters/git-http/git-credentials.ts';
import { type GitHttpPlace, GitHttpSource } from '../shared/adapters/git-http/git-http-source.ts';
import { ObjectCache } from '../shared/adapters/git-http/object-cache.ts';
import { ociPlaceOf } from '../shared/adapters/oci/oci-place.ts';
import { OciSource } from '../shared/adapters/oci/oci-source.ts';
import { PlumblineError } from '../shared/errors.ts';
import type { FleetSources } from '../shared/job/plan-fleet/plan-deps.ts';
import type { Source } from '../shared/job/ports.ts';
import type { RepositoryDeclaration } from '../shared/model/declarations.ts';
import { lateBucket } from './late-bucket.ts';
import { lateCodeCommit } from './late-codecommit.ts';
import { localPath } from './local-path.ts';

export interface SourcePlace {
  readonly fleet: string;
  readonly externalId: string | undefined;
  readonly homeDir: string;
  /** Where relative paths start. */
  readonly base: string;
  /** Holds a file for each name that `credentials` may have. */
  readonly credentialsDir: string;
}

const OTHERS = 0o077;

/** Returns what opens repositories. A source remembers what it read, so the same declaration gives the same one. */
export function openLocalSources(place: SourcePlace): Required<Pick<FleetSources, 'open' | 'charts'>> {
  const cache = new ObjectCache();
  const openGit = (git: GitHttpPlace) => new GitHttpSource({ ...git, cache });
  const opened = new Map<string, Source>();
  return {
    open: ({ spec, metadata }) => {
      const key = JSON.stringify(spec);
      if (spec.helm !== undefined) throw holdsChartsOnly(`Repository ${metadata.name}`);
      const source = opened.get(key) ?? openRepository(spec, place, openGit);
      opened.set(key, source);
      return source;
    },
    charts: openChartSources((name) => secretOf(place, name)),
  };
}

function openRepository(
  { directory, git, codecommit, oci, s3 }: RepositoryDeclaration['spec'],
  place: SourcePlace,
  openGit: (place: GitHttpPlace) => GitHttpSource,
): Source {
  if (directory !== undefined) return new GitSource(localPath(directory.path, place));
  if (codecommit !== undefined) return lateCodeCommit(codecommit, { ...place, openGit });
  if (s3 !== undefined) return lateBucket(s3, place);
  if (oci !== undefined) return new OciSource(ociPlaceOf(oci, (name) => secretOf(place, name)));
  const { url = '', credentials: name, ca } = git ?? {};
  if (name === undefined) return openGit({ url, ca });
  return openGit({ url, ca, credentials: secretOf(place, name) });
}

function secretOf({ credentialsDir }: SourcePlace, name: string): GitCredentials {
  return secretCredentials(name, () => readCredentials(credentialsDir, name));
}

/** @throws {CredentialsExpired} when there is no such file, or others may read it. */
async function readCredentials(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const isName = /^[\w-][\w.-]*$/.test(name);
  const found = isName ? await stat(path).catch(() => undefined) : undefined;
  if (found === undefined) throw unusable(name, 'there is no such file', `write "user:password" into ${path}`);
  if ((found.mode & OTHERS) !== 0) throw unusable(name, `others may read ${path}`, `run "chmod 600 ${path}"`);
  return readFile(path, 'utf8');
}

function unusable(name: string, wrong: string, remedy: string): PlumblineError {
  const act = 'read credentials';
  return new PlumblineError([{ code: 'CredentialsExpired', subject: `secret ${name}`, act, wrong, remedy }]);
}
