import { CodeCommitClient } from '@aws-sdk/client-codecommit';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { clientSettings } from '../aws/client-settings.ts';
import type { CodeCommitPlace } from './codecommit-place.ts';

export interface RoleSession {
  /** For the other account's CloudTrail: at most 64 characters of `[\w+=,.@-]`. */
  readonly sessionName: string;
  /** What the role's trust policy may ask for. */
  readonly externalId?: string | undefined;
}

/** Returns a client with the credentials of the environment, or of the repository's role. */
export function makeCodeCommitClient({ region, roleArn }: CodeCommitPlace, session: RoleSession): CodeCommitClient {
  const settings = clientSettings({ region });
  if (roleArn === undefined) return new CodeCommitClient(settings);
  const params = { RoleArn: roleArn, RoleSessionName: session.sessionName, ExternalId: session.externalId };
  return new CodeCommitClient({
    ...settings,
    credentials: fromTemporaryCredentials({ params, clientConfig: settings }),
  });
}
