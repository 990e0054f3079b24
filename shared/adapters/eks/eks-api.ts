/** What EKS says of a cluster, with its refusals as ours. */
import type { Cluster, EKSClient } from '@aws-sdk/client-eks';
import { PlumblineError } from '../../errors.ts';
import type { ErrorCode } from '../../model/problem.ts';
import { awsErrorName, awsFault, isDenied } from '../aws/aws-fault.ts';
import { clientSettings } from '../aws/client-settings.ts';
import type { RoleSessions } from './role-sessions.ts';

/** Which API is asked, as whom, and for whom. */
export interface EksPlace {
  readonly region: string;
  readonly roleArn: string | undefined;
  /** Name of the declaration, for messages. */
  readonly subject: string;
}

const NOT_FOUND = 'ResourceNotFoundException';

/** Clients by region and role, made when first asked for: a run that knows its cluster asks nobody. */
export class EksApi {
  readonly #sessions: RoleSessions;
  readonly #tries: number;
  readonly #clients = new Map<string, Promise<EKSClient>>();

  /** `tries`: before a throttled or broken request is given up. */
  constructor(sessions: RoleSessions, tries: number) {
    this.#sessions = sessions;
    this.#tries = tries;
  }

  /** @throws {ConfigInvalid | CredentialsExpired | ClusterUnreachable | Throttled} */
  async describe(place: EksPlace, name: string): Promise<Cluster> {
    const act = `describe ${name} in ${place.region} ${asWhom(place)}`;
    const { DescribeClusterCommand } = await import('@aws-sdk/client-eks');
    const client = await this.#client(place);
    const answer = await client.send(new DescribeClusterCommand({ name })).catch((error: unknown) => {
      throw eksFault(error, { place, act, action: 'eks:DescribeCluster', name });
    });
    if (answer.cluster !== undefined) return answer.cluster;
    throw problem(
      'ClusterUnreachable',
      place.subject,
      act,
      'the answer holds no cluster',
      'it is tried again by itself',
    );
  }

  /** Undefined: it was deleted since it was listed. */
  async describeIfThere(place: EksPlace, name: string): Promise<Cluster | undefined> {
    return await this.describe(place, name).catch((error: unknown) => {
      if (error instanceof PlumblineError && awsErrorName(error.cause) === NOT_FOUND) return undefined;
      throw error;
    });
  }

  /** Returns the names of all clusters of a region, from all pages. */
  async list(place: EksPlace): Promise<readonly string[]> {
    const act = `list the clusters of ${place.region} ${asWhom(place)}`;
    const { ListClustersCommand } = await import('@aws-sdk/client-eks');
    const client = await this.#client(place);
    const names: string[] = [];
    let nextToken: string | undefined;
    do {
      const command = new ListClustersCommand({ maxResults: 100, ...(nextToken && { nextToken }) });
      const page = await client.send(command).catch((error: unknown) => {
        throw eksFault(error, { place, act, action: 'eks:ListClusters' });
      });
      names.push(...(page.clusters ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
    return names;
  }

  #client(place: EksPlace): Promise<EKSClient> {
    const { region, roleArn } = place;
    const key = JSON.stringify([region, roleArn]);
    const made = this.#clients.get(key) ?? this.#open(place);
    this.#clients.set(key, made);
    return made;
  }

  async #open(place: EksPlace): Promise<EKSClient> {
    const { EKSClient } = await import('@aws-sdk/client-eks');
    const { region } = place;
    const credentials = () => this.#sessions.credentialsFor(place);
    return new EKSClient({ ...clientSettings({ region }), maxAttempts: this.#tries, credentials });
  }
}

/** Returns the words for the role that asks, for messages. */
export function asWhom({ roleArn }: EksPlace): string {
  return `as ${roleArn ?? 'the role of Plumbline itself'}`;
}

function eksFault(
  error: unknown,
  asked: { readonly place: EksPlace; readonly act: string; readonly action: string; readonly name?: string },
): PlumblineError {
  const { place, act, action, name } = asked;
  const { subject, region, roleArn } = place;
  const said = error instanceof Error ? error.message : String(error);
  if (isDenied(error)) {
    const remedy = `allow ${roleArn ?? 'the role of Plumbline'} ${action}${name === undefined ? '' : ` on cluster ${name}`} in ${region}`;
    return problem('CredentialsExpired', subject, act, `EKS refuses it: ${said}`, remedy, error);
  }
  if (awsErrorName(error) === NOT_FOUND) {
    const wrong = `there is no EKS cluster ${name} in ${region} of ${accountOf(roleArn)}`;
    const remedy = 'correct spec.eks.name, region or roleArn, or remove the Cluster from the fleet repository';
    return problem('ConfigInvalid', subject, act, wrong, remedy, error);
  }
  return awsFault(error, { subject, act, code: 'ClusterUnreachable' });
}

function accountOf(roleArn: string | undefined): string {
  return roleArn === undefined ? "Plumbline's own account" : `account ${roleArn.split(':')[4]}`;
}

function problem(
  code: ErrorCode,
  subject: string,
  act: string,
  wrong: string,
  remedy: string,
  cause?: unknown,
): PlumblineError {
  return new PlumblineError([{ code, subject, act, wrong, remedy }], cause === undefined ? undefined : { cause });
}
