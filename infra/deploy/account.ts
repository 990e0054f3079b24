import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** What a deployment needs to know of the place that it goes to. */
export interface Account {
  readonly account: string;
  readonly region: string;
  /** Whether `cdk bootstrap` was run here. */
  readonly isBootstrapped: boolean;
  /** Executions that Lambda runs at once, at most, for all functions of the account in this Region. */
  readonly concurrency: number;
  /** Of those, what functions of others or of ours have not reserved. */
  readonly unreserved: number;
}

/** Of the CDK's default bootstrap, as in the stack's own assets. */
const QUALIFIER = 'hnb659fds';

/**
 * Returns what there is at `region`, with the credentials at hand; undefined: the Region of the environment or profile.
 *
 * @throws {Error} in our format, when there are no credentials, no Region, or no right to look.
 */
export async function askAccount(region: string | undefined): Promise<Account> {
  const place = region === undefined ? {} : { region };
  const identity = new STSClient(place);
  const chosen = await asking('choose the Region', 'set AWS_REGION, or place in plumbline.config.ts', () =>
    identity.config.region(),
  );
  const { Account: account = '' } = await asking(
    'ask who we are',
    'sign in, for example with `aws sso login`, and set AWS_PROFILE',
    () => identity.send(new GetCallerIdentityCommand()),
  );
  const isBootstrapped = await hasBucket(new S3Client(place), `cdk-${QUALIFIER}-assets-${account}-${chosen}`);
  const { AccountLimit = {} } = await asking('ask for the quota of Lambda', 'allow lambda:GetAccountSettings', () =>
    new LambdaClient(place).send(new GetAccountSettingsCommand()),
  );
  return {
    account,
    region: chosen,
    isBootstrapped,
    concurrency: AccountLimit.ConcurrentExecutions ?? 0,
    unreserved: AccountLimit.UnreservedConcurrentExecutions ?? 0,
  };
}

/** The bucket is part of every bootstrap; its version is checked by the CDK's own command. */
async function hasBucket(client: S3Client, name: string): Promise<boolean> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: name }));
    return true;
  } catch (error) {
    if (error instanceof Error && ['NotFound', 'NoSuchBucket'].includes(error.name)) return false;
    throw refusal('look for the bucket of the CDK', error, `allow s3:ListBucket on ${name}`);
  }
}

async function asking<T>(act: string, remedy: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw refusal(act, error, remedy);
  }
}

function refusal(act: string, error: unknown, remedy: string): Error {
  const wrong = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  return new Error(`deployment: ${act}: ${wrong}; ${remedy}`, { cause: error });
}
