import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientSettings } from '../../shared/adapters/aws/client-settings.ts';
import { SecretReader } from '../../shared/adapters/secrets-manager/secret-reader.ts';

/** Returns the reader of secrets, which keeps what it read for some minutes: one a process. */
export function openSecrets(): SecretReader {
  return new SecretReader(new SecretsManagerClient(clientSettings()));
}
