import { CodeCommitClient } from '@aws-sdk/client-codecommit';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { clientSettings } from '../aws/client-settings.ts';
import type { CodeCommitPlace } from './open-codecommit.ts';

/**
 * Returns a client with the credentials of the environment, or of the repository's role.
 *
 * @param sessionName names the session of an assumed role, for the other account's CloudTrail; 64 characters of
 *   `[\w+=,.@-]`.
 */
export function makeCodeCommitClient({ region, roleArn }: CodeCommitPlace, sessionName: string): CodeCommitClient {
  const settings = clientSettings({ region });
  if (roleArn === undefined) return new CodeCommitClient(settings);
  const params = { RoleArn: roleArn, RoleSessionName: sessionName };
  return new CodeCommitClient({
    ...settings,
    credentials: fromTemporaryCredentials({ params, clientConfig: settings }),
  });
}
