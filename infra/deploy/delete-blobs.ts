import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { FUNCTION_VARIABLES } from '../../shared/config/names.ts';

/** Of the statement that keeps everyone from writing. */
const CLOSED = 'PlumblineDestroy';

/**
 * Closes the bucket of an installation for good and deletes everything in it, since CloudFormation deletes only empty
 * ones. Returns how many objects there were. Their names and the fleet's digests are gone with them: nothing can be
 * brought back.
 *
 * @throws {Error} when there is no such installation or something could not be deleted.
 */
export async function deleteBlobs(fleet: string, region: string | undefined): Promise<number> {
  const place = region === undefined ? {} : { region };
  const s3 = new S3Client(place);
  const { bucket, arn } = await findBucket(fleet, new LambdaClient(place));
  await closeBucket(s3, bucket, arn);
  for (let deleted = 0; ; ) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    const Objects = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
    if (Objects.length === 0) return deleted;
    const Delete = { Objects, Quiet: true };
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete }));
    const [first] = Errors;
    if (first !== undefined) throw new Error(`bucket ${bucket}: delete ${first.Key}: ${first.Message}; try again`);
    deleted += Objects.length;
  }
}

async function findBucket(
  fleet: string,
  lambda: LambdaClient,
): Promise<{ readonly bucket: string; readonly arn: string }> {
  const FunctionName = `plumbline-${fleet}-plan-fleet`;
  const asked = lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const { Environment } = await asked.catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    const wrong = 'it is gone, so nothing names the bucket any more';
    const remedy = `delete what the tag plumbline:fleet=${fleet} finds, then run npx cdk destroy plumbline-${fleet}`;
    throw new Error(`function ${FunctionName}: find its bucket: ${wrong}; ${remedy}`, { cause: error });
  });
  const bucket = Environment?.Variables?.[FUNCTION_VARIABLES.bucket];
  if (bucket === undefined)
    throw new Error(`function ${FunctionName}: find its bucket: it names none; delete it by hand`);
  const partition = Environment?.Variables?.[FUNCTION_VARIABLES.keyArn]?.split(':')[1] ?? 'aws';
  return { bucket, arn: `arn:${partition}:s3:::${bucket}` };
}

/** Until the functions are gone they would go on writing, and the bucket would not be empty when it is to be deleted. */
async function closeBucket(s3: S3Client, Bucket: string, arn: string): Promise<void> {
  const closed = { Sid: CLOSED, Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `${arn}/*` };
  const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
  const policy: unknown = JSON.parse(Policy);
  if (typeof policy !== 'object' || policy === null || !('Statement' in policy) || !Array.isArray(policy.Statement))
    throw new Error(`bucket ${Bucket}: close it: its policy has no list of statements; empty it by hand`);
  const statements: readonly unknown[] = policy.Statement;
  const isOpen = !statements.some(
    (one) => typeof one === 'object' && one !== null && 'Sid' in one && one.Sid === CLOSED,
  );
  if (!isOpen) return;
  const Closed = JSON.stringify({ ...policy, Statement: [...statements, closed] });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: Closed }));
}
