import { holdsChartsOnly } from '../../shared/adapters/chart-repository/chart-sources.ts';
import type { GitCredentials } from '../../shared/adapters/git-http/git-credentials.ts';
import { GitHttpSource } from '../../shared/adapters/git-http/git-http-source.ts';
import type { ObjectCache } from '../../shared/adapters/git-http/object-cache.ts';
import { ociPlaceOf } from '../../shared/adapters/oci/oci-place.ts';
import { OciSource } from '../../shared/adapters/oci/oci-source.ts';
import { PlumblineError } from '../../shared/errors.ts';
import type { Source } from '../../shared/job/ports.ts';
import type { RepositoryDeclaration } from '../../shared/model/declarations.ts';
import { openAwsRepository } from './open-aws-repository.ts';
import { repositoryCredentials, type SecretParts } from './repository-credentials.ts';

export type RepositorySpec = RepositoryDeclaration['spec'];

export interface SourceParts extends SecretParts {
  readonly cache: ObjectCache;
}

/** Returns a repository, of which nothing is asked yet. @throws {ConfigInvalid} when it cannot be read from a function. */
export function openRepository(parts: SourceParts, spec: RepositorySpec, subject: string): Source {
  const { cache } = parts;
  const secretOf = (name: string): GitCredentials => repositoryCredentials(parts, name, subject);
  const ofAws = openAwsRepository(parts, spec);
  if (ofAws !== undefined) return ofAws;
  if (spec.helm !== undefined) throw holdsChartsOnly(subject);
  if (spec.oci !== undefined) return new OciSource(ociPlaceOf(spec.oci, secretOf));
  if (spec.git === undefined) throw unreadable(subject);
  const { url, credentials: name, ca } = spec.git;
  if (name === undefined) return new GitHttpSource({ url, cache, ca });
  return new GitHttpSource({ url, cache, ca, credentials: secretOf(name) });
}

function unreadable(subject: string): PlumblineError {
  const wrong = 'spec.directory is a folder of one machine, which a function does not have';
  const remedy = 'declare spec.codecommit, spec.git, spec.helm, spec.oci or spec.s3';
  return new PlumblineError([{ code: 'ConfigInvalid', subject, act: 'open the repository', wrong, remedy }]);
}
