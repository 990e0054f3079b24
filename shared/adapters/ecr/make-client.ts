import { ECRClient } from '@aws-sdk/client-ecr';
import { clientSettings } from '../aws/client-settings.ts';
import type { EcrHost } from './ecr-host.ts';

/** Returns a client with the credentials of the environment. A registry of another account lets them in by its policy. */
export function makeEcrClient({ region }: EcrHost): ECRClient {
  return new ECRClient(clientSettings({ region }));
}
