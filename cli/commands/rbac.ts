import { PlumblineError } from '../../shared/errors.ts';
import { printRights, type RightsQuery, readRights } from '../../shared/job/print-rights.ts';
import { type RenderedFleet, renderFleet } from '../../shared/job/render-fleet.ts';
import { formatUserAgent } from '../../shared/job/user-agent.ts';
import type { ClusterDeclaration } from '../../shared/model/declarations.ts';
import { formatGroupKind } from '../../shared/model/object-ref.ts';
import type { Problem } from '../../shared/model/problem.ts';
import type { CommandIo, ExitStatus } from '../command-io.ts';
import { type FleetOptions, fleetPlaceOf, type LocalFleet, openLocalFleet } from '../local-fleet.ts';
import { openLocalRendering } from '../local-rendering.ts';

export interface RbacOptions extends FleetOptions {
  readonly json?: boolean;
  readonly cluster?: string;
  readonly application?: string;
  readonly serviceAccount?: string;
  readonly group: string;
  readonly user?: string;
}

/** Exit 1 when something is missing in what is printed: it does not render, or nobody knows its kind. */
export async function rbac(options: RbacOptions, io: CommandIo): Promise<ExitStatus> {
  const local = openLocalFleet(fleetPlaceOf(options, io.environment), io.environment);
  try {
    io.progress(`reading and rendering ${local.place.branch}`);
    const rendering = await openLocalRendering(local, io, { unknown: 'assume' });
    const { name: fleet, branch: ref, folder } = local.place;
    const only = options.cluster === undefined ? {} : { clusters: [options.cluster] };
    const rendered = await renderFleet(rendering, { fleet, ref, folder, ...only });
    if (options.application !== undefined) assertDeclared(rendered, options.application);
    const query = {
      fleet,
      subject: subjectOf(options),
      ...(options.application !== undefined && { application: options.application }),
      ...(options.serviceAccount !== undefined && { account: accountOf(options.serviceAccount) }),
      askKinds: (cluster: ClusterDeclaration) => askKinds(local, cluster),
    };
    const found = await readRights(rendered.clusters, query);
    if (options.json) io.printJson({ kind: 'Rights', fleet, clusters: found });
    else if (found.length > 0) io.print(printRights(found, query));
    const unavailable = rendered.clusters.flatMap(({ desired }) =>
      desired.unavailable.flatMap(({ problems }) => problems),
    );
    const unknown = found.flatMap(({ clusters, unknown: kinds }) => kinds.map((kind) => unknownKind(kind, clusters)));
    const problems = [...rendered.problems, ...unavailable, ...unknown];
    if (problems.length > 0) io.noteProblems(problems);
    return problems.length === 0 ? 0 : 1;
  } finally {
    local.close();
  }
}

/** Undefined: it cannot be reached from here. */
async function askKinds(local: LocalFleet, cluster: ClusterDeclaration) {
  try {
    const connection = await local.clusters.connect(cluster, {
      userAgent: formatUserAgent({ fleet: local.place.name, run: 'rbac' }),
    });
    try {
      const { kinds } = await connection.discover();
      return new Map(kinds.map((kind) => [formatGroupKind(kind), kind]));
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (error instanceof PlumblineError) return undefined;
    throw error;
  }
}

function subjectOf({ group, user }: RbacOptions): RightsQuery['subject'] {
  return user === undefined ? { kind: 'Group', name: group } : { kind: 'User', name: user };
}

function accountOf(text: string): string {
  if (/^[a-z0-9-]+\/[a-z0-9.-]+$/.test(text)) return text;
  throw new PlumblineError([
    {
      code: 'ConfigInvalid',
      subject: `--service-account ${text}`,
      act: 'print rights',
      wrong: 'it names no ServiceAccount',
      remedy: 'write it as namespace/name',
    },
  ]);
}

function unknownKind(kind: string, clusters: readonly string[]): Problem {
  return {
    code: 'KindUnknown',
    subject: kind,
    act: 'print rights',
    wrong: `nobody says how it is called in rules: it is no kind of Kubernetes, no CRD of the fleet defines it, and ${clusters.join(', ')} could not be asked or does not serve it`,
    remedy: 'make the cluster reachable from here, or declare the CRD',
  };
}

function assertDeclared({ declarations, problems }: RenderedFleet, application: string): void {
  const names = declarations.applications.map(({ declaration }) => declaration.metadata.name);
  if (names.includes(application) || problems.length > 0) return;
  const remedy = names.length === 0 ? 'declare one' : `name one of: ${names.join(', ')}`;
  const subject = `Application ${application}`;
  throw new PlumblineError([
    { code: 'ConfigInvalid', subject, act: 'print rights', wrong: 'it is not declared', remedy },
  ]);
}
