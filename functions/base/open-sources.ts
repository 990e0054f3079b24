/** The repositories that the planner reads: CodeCommit and ECR with our own rights, others over HTTPS with a secret. */
import { openChartSources } from '../../shared/adapters/chart-repository/chart-sources.ts';
import { ObjectCache } from '../../shared/adapters/git-http/object-cache.ts';
import type { SecretReader } from '../../shared/adapters/secrets-manager/secret-reader.ts';
import type { FunctionSettings } from '../../shared/config/function-settings.ts';
import type { FleetSources } from '../../shared/job/plan-fleet/plan-deps.ts';
import type { Source } from '../../shared/job/ports.ts';
import { openRepository, type RepositorySpec, type SourceParts } from './open-repository.ts';
import { repositoryCredentials } from './repository-credentials.ts';

/** Returns the sources of a process: a repository stays open, so that a warm planner fetches only what is new. */
export function openSources(settings: FunctionSettings, fleet: RepositorySpec, secrets: SecretReader): FleetSources {
  const parts: SourceParts = { settings, secrets, cache: new ObjectCache() };
  const opened = new Map<string, Source>();
  const open = (spec: RepositorySpec, name: string): Source => {
    const key = JSON.stringify(spec);
    const source = opened.get(key) ?? openRepository(parts, spec, name);
    opened.set(key, source);
    return source;
  };
  return {
    fleet: open(fleet, 'fleet'),
    open: ({ spec, metadata }) => open(spec, `Repository ${metadata.name}`),
    charts: openChartSources((name, subject) => repositoryCredentials(parts, name, subject)),
  };
}
