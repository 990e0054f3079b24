import { S3Client } from '@aws-sdk/client-s3';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { clientSettings } from '../aws/client-settings.ts';

/** `spec.s3` of a Repository. */
export interface BucketPlace {
  readonly bucket: string;
  readonly region: string;
  /** Folder, or the key of one archive. */
  readonly prefix?: string | undefined;
  /** Assumed for every request: a bucket of another account. */
  readonly roleArn?: string | undefined;
}

/** Returns a client with the credentials of the environment, or of the bucket's role. */
export function makeBucketClient(
  { region, roleArn }: BucketPlace,
  session: { readonly sessionName: string; readonly externalId?: string | undefined },
): S3Client {
  const settings = clientSettings({ region });
  if (roleArn === undefined) return new S3Client(settings);
  const params = { RoleArn: roleArn, RoleSessionName: session.sessionName, ExternalId: session.externalId };
  return new S3Client({ ...settings, credentials: fromTemporaryCredentials({ params, clientConfig: settings }) });
}
