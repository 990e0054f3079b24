/** Clusters declared by `spec.eks`: where their API servers are, and tokens for them. */
import type { Cluster } from '@aws-sdk/client-eks';
import { PlumblineError } from '../../errors.ts';
import type { ClusterLocator } from '../../job/cluster-provider.ts';
import type { KnownEndpoint } from '../../model/cluster-endpoint.ts';
import { asWhom, EksApi, type EksPlace } from './eks-api.ts';
import { type EksSettings, RoleSessions } from './role-sessions.ts';
import { TokenSource } from './token-source.ts';

/** A run that gets no answer goes on with what it knows, or comes back later by itself. */
const TRIES = 2;

/** Returns a locator that keeps tokens and the sessions of roles: one for the whole life of a process. */
export function createEksLocator(settings: EksSettings): ClusterLocator {
  const nowMs = settings.nowMs ?? Date.now;
  const sessions = new RoleSessions(settings);
  const tokens = new TokenSource(sessions, nowMs);
  const api = new EksApi(sessions, TRIES);
  return {
    locate: async ({ metadata, spec: { eks } }) => {
      if (eks === undefined) return undefined;
      const { name, region, roleArn } = eks;
      const place: EksPlace = { region, roleArn, subject: metadata.name };
      return {
        credentials: tokens.credentialsOf({ name, region, cluster: metadata.name }, roleArn),
        readEndpoint: async () => endpointOf(await api.describe(place, name), place, nowMs()),
      };
    },
  };
}

/** @throws {ClusterUnreachable | ConfigInvalid} while there is nothing to connect to. */
function endpointOf(cluster: Cluster, place: EksPlace, readAtMs: number): KnownEndpoint {
  const { name, status, endpoint, certificateAuthority } = cluster;
  const act = `describe ${name} in ${place.region} ${asWhom(place)}`;
  const fail = (code: 'ClusterUnreachable' | 'ConfigInvalid', wrong: string, remedy: string) =>
    new PlumblineError([{ code, subject: place.subject, act, wrong, remedy }]);
  if (status === 'DELETING') {
    throw fail('ConfigInvalid', 'EKS is deleting it', 'remove the Cluster from the fleet repository');
  }
  if (status === 'CREATING' || status === 'PENDING') {
    throw fail('ClusterUnreachable', `EKS is still creating it (${status})`, 'it is tried again by itself');
  }
  if (!endpoint || !certificateAuthority?.data) {
    const remedy = 'look at its health in EKS; delete it and create it anew if it failed';
    throw fail('ClusterUnreachable', `EKS names no endpoint of it (status ${status ?? 'unknown'})`, remedy);
  }
  const authority = Buffer.from(certificateAuthority.data, 'base64').toString('utf8');
  return { server: endpoint, certificateAuthority: authority, readAtMs };
}
